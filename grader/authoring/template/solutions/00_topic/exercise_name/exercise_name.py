"""A thread for each call; whoever adds to the sum holds the lock."""

from collections.abc import Callable
from threading import Lock, Thread


def exercise_name(items: list[int], work: Callable[[int], int]) -> int:
    """The sum of `work(item)` over all items, with all calls in progress at the same time."""
    total, lock = 0, Lock()

    def add(item: int) -> None:
        nonlocal total
        result = work(item)
        with lock:
            total += result

    threads = [Thread(target=add, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return total
