"""Count words with many workers: each task counts one text, and a last one adds up."""

from collections import Counter
from collections.abc import Callable, Iterable

from celery import Celery, chord
from celery.result import AsyncResult

Read = Callable[[str], str]


def word_counter(app: Celery, read: Read) -> Callable[[Iterable[str]], AsyncResult]:
    """Make the tasks of `app`, and return a function that starts a count of the texts with the given names.

    It returns at once. The result is a dict: how often each word occurs in all the texts together, which tasks fetch
    by `read(name)`, as many at the same time as there are workers. If one cannot be read, the result fails.
    """

    @app.task
    def count(name: str) -> dict[str, int]:
        return Counter(read(name).split())

    @app.task
    def add_up(counts: list[dict[str, int]]) -> dict[str, int]:
        total: Counter[str] = Counter()
        for one in counts:
            total.update(one)
        return total

    def start(names: Iterable[str]) -> AsyncResult:
        header = [count.s(name) for name in names]
        if not header:
            return add_up.delay([])  # nobody would start the body of an empty chord
        return chord(header)(add_up.s())

    return start
