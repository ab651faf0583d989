"""The threads put their results into a queue, and the caller adds up what it finds there."""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread


def exercise_name(items: list[int], work: Callable[[int], int]) -> int:
    results: SimpleQueue[int] = SimpleQueue()

    def put(item: int) -> None:
        results.put(work(item))

    threads = [Thread(target=put, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(results.get() for _ in threads)
