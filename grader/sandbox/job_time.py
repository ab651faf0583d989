"""The time that all requests of one job may take together, whatever the limits of each."""

from __future__ import annotations

import os
import time
from typing import Protocol

from grader.results import Verdict

from . import processes
from .outcomes import PlayerEndedError

_LOOK_EVERY_S = 0.05
_STARVED_FACTOR = 6  # by the clock: a machine that withholds more than that is too busy to judge anything


class Working(Protocol):
    """What is asked of a player while it works."""

    def cpu_s(self) -> float:
        """CPU seconds of everything it ever started."""

    def pids(self) -> list[int]:
        """Its processes."""


class JobTime:
    """What a job may use of its own time, in seconds. `used_s` grows while its players work.

    Own time is CPU time while something of the player's is in line for a processor or has one, and the clock's while
    all of it waits, but for what the judge waited for a processor itself: so a busy machine takes nothing of it away.
    `elapsed_s` is the clock's time of the same.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.used_s = self.elapsed_s = 0.0

    @property
    def used_up(self) -> bool:
        return self.used_s >= self.seconds

    def require_rest(self) -> None:
        """Raises PlayerEndedError where nothing is left, or the machine has withheld too much."""
        if self.used_up:
            look_at = "what your code waits for, and how much it computes, in all checks together"
            raise PlayerEndedError(Verdict.TIMEOUT, f"With this, the checks have {self.used_up_what()}.", look_at)
        if self.elapsed_s >= _STARVED_FACTOR * self.seconds:
            seen = f"The machine is overloaded: in {self.elapsed_s:.0f} s the file could work for {self.used_s:.0f} s."
            raise PlayerEndedError(Verdict.INFRA, seen)

    def used_up_what(self) -> str:
        """The end of a sentence about checks."""
        return f"used up the {self.seconds:g} s that your file has for all of them together"


class Meter:
    """Charges a job with what one request to a player takes."""

    def __init__(self, job_time: JobTime, player: Working) -> None:
        self._job_time, self._player = job_time, player
        self._then, self._cpu_then, self._delay_then = time.monotonic(), player.cpu_s(), _delay_of_the_judge()

    def look(self) -> None:
        """To be called again and again. Raises PlayerEndedError."""
        if time.monotonic() - self._then >= _LOOK_EVERY_S:
            self._charge(in_line=processes.want_processor(self._player.pids()))
            self._job_time.require_rest()

    def stop(self) -> None:
        """The request is over."""
        self._charge(in_line=True)

    def _charge(self, in_line: bool) -> None:
        now, cpu, delay = time.monotonic(), self._player.cpu_s(), _delay_of_the_judge()
        elapsed = now - self._then
        own = min(elapsed, cpu - self._cpu_then) if in_line else elapsed - (delay - self._delay_then)
        self._job_time.used_s += max(0.0, own)
        self._job_time.elapsed_s += elapsed
        self._then, self._cpu_then, self._delay_then = now, cpu, delay


def _delay_of_the_judge() -> float:
    return processes.run_delay_s([os.getpid()])
