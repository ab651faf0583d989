"""Nobody has a part of his own: whoever is free takes the next number from a counter that all share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing import Pipe, Process, Value
from multiprocessing.connection import Connection, wait
from typing import Any


def parallel_sum(func: Callable[[int], int], n: int, workers: int) -> int:
    """Return `func(0) + … + func(n - 1)`, computed by `min(workers, n)` processes at the same time."""
    if workers < 1:
        raise ValueError(f"{workers} workers cannot work")
    taken = Value("q", 0)
    total = 0
    with ExitStack() as at_the_end:
        processes = {}
        for _ in range(min(workers, n)):
            receiver, sender = Pipe()
            process = Process(target=take_numbers, args=(func, n, taken, sender), daemon=True)
            process.start()
            sender.close()
            at_the_end.callback(process.join)
            at_the_end.callback(process.kill)  # comes first; all that it had to say has been heard, or nobody cares
            processes[receiver] = process
        while processes:
            receiver: Any = wait(list(processes))[0]
            with receiver:
                kind, what = hear(receiver)
            if kind == "failed":
                raise what
            total += what
            processes.pop(receiver).join()
    return total


def hear(receiver: Connection) -> tuple[str, Any]:
    try:
        return receiver.recv()
    except (EOFError, OSError):
        return "failed", RuntimeError("a worker has gone without a word")


def take_numbers(func: Callable[[int], int], n: int, taken: Any, sender: Connection) -> None:
    subtotal = 0
    try:
        while True:
            with taken.get_lock():
                i = taken.value
                taken.value += 1
            if i >= n:
                break
            subtotal += func(i)
    except Exception as error:
        sender.send(("failed", error))
    else:
        sender.send(("done", subtotal))
