"""Which threads wait for answers, as the kernel says: how many threads call is not left to what the calls say.

While every call is held and nobody can move, a thread that has made one, in whichever process, waits in a read of that
call's socket; and when one call alone is answered, its thread goes on. Code that makes all calls in one thread,
whatever it says of itself, has not as many threads that wait so, and those that it keeps for show do not go on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import processes
from .processes import Reader


@dataclass(frozen=True, slots=True)
class Callers:
    """Threads of all processes, the one that runs the scenario not counted.

    `waiting`: the most that were found at one moment, each waiting for something to come from a socket of its own.
    `went_on`: how often exactly one of them had gone on since the moment before. Where the system does not tell what
    threads wait for, `waiting` is the number of all that lived, and `went_on` is None. `living`: the most that there
    were at one of these moments, whatever they did. `came_and_went`: whether the main process had a thread that has
    ended, however soon; None where the system does not tell.
    """

    waiting: int = 0
    went_on: int | None = None
    living: int = 0
    came_and_went: bool | None = None


class CallersWatch:
    """`look` each time that nobody can move until something is answered."""

    def __init__(self, main: int, pids: Callable[[], list[int]], told: bool) -> None:
        """`pids`: all processes that there are, `main` among them, whose main thread runs the scenario.

        `told`: whether the system told us what threads of that one wait for, before it had loaded anything.
        """
        self._main, self._pids, self._told = main, pids, told
        self._most = self._went_on = self._living = 0
        self._before: set[Reader] = set()
        self._ended_ns = processes.ended_threads_ns(main)

    def look(self) -> None:
        living = sum(1 for _ in processes.tasks(self._pids()))
        self._living = max(self._living, living - 1)
        if not self._told:
            self._most = self._living
            return
        waiting = {reader for reader in processes.socket_readers(self._pids()) if reader.tid != self._main}
        self._went_on += len(self._before - waiting) == 1
        self._before = waiting
        self._most = max(self._most, len({reader.socket for reader in waiting}))

    def callers(self) -> Callers:
        """When the run is over."""
        ended_ns = processes.ended_threads_ns(self._main)
        came_and_went = None if ended_ns is None or self._ended_ns is None else ended_ns > self._ended_ns
        return Callers(self._most, self._went_on if self._told else None, self._living, came_and_went)
