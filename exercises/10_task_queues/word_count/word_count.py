"""Count words with many workers: each task counts one text, and a last one adds up."""

from collections.abc import Callable, Iterable

from celery import Celery
from celery.result import AsyncResult

Read = Callable[[str], str]


def word_counter(app: Celery, read: Read) -> Callable[[Iterable[str]], AsyncResult]:
    """Make the tasks of `app`, and return a function that starts a count of the texts with the given names.

    It returns at once. The result is a dict: how often each word occurs in all the texts together, which tasks fetch
    by `read(name)`, as many at the same time as there are workers. If one cannot be read, the result fails.
    """
    raise NotImplementedError
