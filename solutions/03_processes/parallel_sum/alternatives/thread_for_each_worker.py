"""A thread waits for each worker; what it has heard it leaves in a queue of this process."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread

Outcome = int | Exception


class Worker:
    """A process, and a thread that listens to it until it ends."""

    def __init__(self, func: Callable[[int], int], numbers: range, outcomes: SimpleQueue[Outcome]) -> None:
        self._receiver, sender = Pipe(duplex=False)
        self._outcomes = outcomes
        self.process = Process(target=work, args=(func, numbers, sender))
        self.process.start()
        sender.close()
        self._thread = Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        with self._receiver:
            try:
                outcome = self._receiver.recv()
            except (EOFError, ConnectionResetError):
                outcome = RuntimeError("a worker died")
        self._outcomes.put(outcome)

    def join(self) -> None:
        self.process.join()
        self._thread.join()


def parallel_sum(func: Callable[[int], int], n: int, workers: int) -> int:
    """Return `func(0) + … + func(n - 1)`, computed by `min(workers, n)` processes at the same time."""
    if workers < 1:
        raise ValueError("workers must be at least 1")
    started: list[Worker] = []
    outcomes: SimpleQueue[Outcome] = SimpleQueue()
    total = 0
    try:
        for first in range(min(workers, n)):
            started.append(Worker(func, range(first, n, workers), outcomes))
        for _ in started:
            outcome = outcomes.get()
            if isinstance(outcome, Exception):
                raise outcome
            total += outcome
    except BaseException:
        for worker in started:
            worker.process.terminate()
        raise
    finally:
        for worker in started:
            worker.join()
    return total


def work(func: Callable[[int], int], numbers: range, sender: Connection) -> None:
    try:
        outcome: Outcome = sum(func(i) for i in numbers)
    except Exception as error:
        outcome = error
    sender.send(outcome)
