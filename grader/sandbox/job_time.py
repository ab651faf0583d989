"""The time that all requests of one job may take together, whatever the limits of each."""

from __future__ import annotations

from ctypes import c_double

from grader.results import Verdict

from .outcomes import PlayerEndedError
from .owntime import STARVED_FACTOR, OwnTime

_CHARGE_EVERY_S = 0.05


class JobTime:
    """What a job may use of its own time (see `OwnTime`), in seconds. `used_s` grows while its players work.

    `elapsed_s` is the clock's time of the same. `used` holds what was used before; in memory that processes share, it
    tells another one how it grows. `spun`: whether the file is known to burn processor time for nothing.
    """

    def __init__(self, seconds: float, used: c_double | None = None) -> None:
        self.seconds, self.elapsed_s, self.spun = seconds, 0.0, False
        self._used = c_double() if used is None else used

    @property
    def used_s(self) -> float:
        return self._used.value

    def charge(self, own_s: float, elapsed_s: float) -> None:
        self._used.value += own_s
        self.elapsed_s += elapsed_s

    @property
    def used_up(self) -> bool:
        return self.used_s >= self.seconds

    def forgive_starvation(self) -> None:
        """What the machine has withheld so far does not count any more; what was used does."""
        self.elapsed_s = 0.0

    def require_rest(self) -> None:
        """Raises PlayerEndedError where nothing is left, or the machine has withheld too much."""
        if self.used_up:
            look_at = "what your code waits for, and how much it computes, in all checks together"
            raise PlayerEndedError(Verdict.TIMEOUT, f"With this, the checks have {self.used_up_what()}.", look_at)
        if self.elapsed_s >= STARVED_FACTOR * self.seconds:
            seen = f"The machine is overloaded: in {self.elapsed_s:.0f} s the file could work for {self.used_s:.0f} s."
            raise PlayerEndedError(Verdict.INFRA, seen)

    def used_up_what(self) -> str:
        """The end of a sentence about checks."""
        return f"used up the {self.seconds:g} s that your file has for all of them together"


class Meter:
    """Charges a job with what one request to a player takes: its `time`."""

    def __init__(self, job_time: JobTime, time: OwnTime) -> None:
        self._job_time, self.time = job_time, time
        self._own_then = self._elapsed_then = 0.0

    def require_rest(self) -> None:
        """To be called again and again. Raises PlayerEndedError."""
        if self.time.elapsed_s - self._elapsed_then >= _CHARGE_EVERY_S:
            self.charge()
            self._job_time.require_rest()

    def charge(self) -> None:
        """With all that has passed; once more when the request is over."""
        own, elapsed = self.time.own_s, self.time.elapsed_s
        self._job_time.charge(max(0.0, own - self._own_then), elapsed - self._elapsed_then)
        self._own_then, self._elapsed_then = max(own, self._own_then), elapsed
