"""Pay once, whatever happens: a Celery task that tries again, and may be delivered twice."""

from collections.abc import Callable

from celery import Celery, Task

Charge = Callable[[str, str, int], str]


def payment_task(app: Celery, charge: Charge, tries: int = 5) -> Task:
    """Make a task of `app` that is called with an order and its amount in cents, and whose result is the receipt.

    The task asks `charge(key, order, cents)`, with the same key whenever it is about the same order. If that raises a
    ConnectionError, it asks again: after 1 second, then 2, 4, and so on, but never more than 60; and at most `tries`
    times in all. Other exceptions are final.
    """
    raise NotImplementedError
