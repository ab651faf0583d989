"""A pipe for each worker: it brings one message, or it ends with the worker, whatever has ended that."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection, wait

Func = Callable[[int], int]


def parallel_sum(func: Func, n: int, workers: int) -> int:
    """Return `func(0) + … + func(n - 1)`, computed by `min(workers, n)` processes at the same time."""
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    processes: list[Process] = []
    try:
        parts = [range(first, n, workers) for first in range(min(workers, n))]
        return _total([_start(func, part, processes) for part in parts])
    except BaseException:
        for process in processes:
            process.kill()
        raise
    finally:
        for process in processes:
            process.join()
            process.close()


def _start(func: Func, numbers: range, processes: list[Process]) -> Connection:
    """Starts a worker for these numbers; returns where its message will come from."""
    receiver, sender = Pipe(duplex=False)
    with sender:  # from now on the worker alone keeps it open
        process = Process(target=_work, args=(func, numbers, sender))
        process.start()
        processes.append(process)
    return receiver


def _work(func: Func, numbers: range, sender: Connection) -> None:
    try:
        sender.send((sum(map(func, numbers)), None))
    except Exception as error:
        sender.send((0, error))


def _total(receivers: list[Connection]) -> int:
    """Adds up what the workers send, and reads it before anybody joins them: a large message waits for its reader."""
    total, waiting = 0, set(receivers)
    while waiting:
        for receiver in wait(waiting):
            try:
                part, error = receiver.recv()
            except EOFError:
                raise RuntimeError("a worker has ended before it had delivered its results") from None
            if error is not None:
                raise error
            total += part
            waiting.remove(receiver)
            receiver.close()
    return total
