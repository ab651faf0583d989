"""Celery tries again by itself: everything is said where the task is declared."""


def payment_task(app, charge, tries=5):
    @app.task(
        acks_late=True,
        autoretry_for=(ConnectionError,),
        retry_backoff=True,
        retry_backoff_max=60,
        retry_jitter=False,
        max_retries=tries - 1,
    )
    def pay(order, cents):
        return charge(order, order, cents)

    return pay
