"""Each try is a message that says which one it is: who carries it out need not ask Celery."""


def payment_task(app, charge, tries=5):
    @app.task(bind=True, acks_late=True, max_retries=None)
    def pay(self, order, cents, done=0):
        try:
            return charge(f"order:{order}", order, cents)
        except ConnectionError as error:
            if done + 1 >= tries:
                raise
            self.retry(args=(order, cents, done + 1), kwargs={}, countdown=min(60, 2**done), exc=error)

    return pay
