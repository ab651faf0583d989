"""One queue for all, and a look at the processes whenever nothing has come for a while."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import Process, Queue
from queue import Empty
from typing import Any

OFTEN_S = 0.1


def parallel_sum(func: Callable[[int], int], n: int, workers: int) -> int:
    """Return `func(0) + … + func(n - 1)`, computed by `min(workers, n)` processes at the same time."""
    if workers < 1:
        raise ValueError("workers must be at least 1")
    workers = min(workers, max(n, 0))
    queue: Queue[Any] = Queue()
    processes = {
        k: Process(target=work, args=(func, range(n * k // workers, n * (k + 1) // workers), k, queue))
        for k in range(workers)
    }
    total, well = 0, False
    try:
        for process in processes.values():
            process.start()
        missing = set(processes)
        while missing:
            ended = [k for k in missing if not processes[k].is_alive()]  # what these had to say is in the queue
            try:
                k, part, error = queue.get(timeout=OFTEN_S)
            except Empty:
                if ended:
                    raise RuntimeError(f"{len(ended)} workers have died") from None
                continue
            if error is not None:
                raise error
            total += part
            missing.remove(k)
        well = True
    finally:
        for process in processes.values():
            if process.pid is not None:
                if not well:
                    process.terminate()
                process.join()
        queue.close()
    return total


def work(func: Callable[[int], int], numbers: range, k: int, queue: Queue[Any]) -> None:
    part, error = 0, None
    try:
        for i in numbers:
            part += func(i)
    except Exception as e:
        error = e
    queue.put((k, part, error))
