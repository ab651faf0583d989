"""A class of its own, which hashes the order for a key, and says when it is to be tried again, not after how long."""

from datetime import timedelta
from hashlib import sha256

from celery import Task


class Payment(Task):
    name = "shop.pay"
    acks_late = True
    max_retries = None  # it counts for itself

    def __init__(self, charge, tries):
        self.charge = charge
        self.tries = tries

    def run(self, order, cents):
        key = sha256(order.encode("utf-8", "surrogatepass")).hexdigest()
        try:
            return self.charge(key, order, cents)
        except ConnectionError as error:
            done = self.request.retries + 1
            if done == self.tries:
                raise
            wait = timedelta(seconds=min(60, 1 << (done - 1)))
            raise self.retry(exc=error, eta=self.app.now() + wait) from error


def payment_task(app, charge, tries=5):
    return app.register_task(Payment(charge, tries))
