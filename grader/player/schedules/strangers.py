"""Threads that were there before an exploration began: no scheduler orders them, so they may take no part in it."""

from __future__ import annotations

import sys
import time
from _thread import get_ident

_clock_of = getattr(time, "pthread_getcpuclockid", None)  # macOS has none: there nothing is noticed
_read, _frames = time.clock_gettime, sys._current_frames
_FEW = 20  # schedules, in which nothing can be told
_A_SCHEDULE_S = 5e-6  # of processor time: less than it takes to be woken once


class Strangers:
    """All threads of this moment but the one that asks."""

    def __init__(self) -> None:
        others = [ident for ident in _frames() if ident != get_ident()]
        clocks = [_clock_of(ident) for ident in others] if _clock_of is not None else []
        self._before = {clock: _read(clock) for clock in clocks}

    def take_part_in(self, schedules: int) -> bool:
        """Whether they were at work in so many schedules, and not just there, waiting for something."""
        return schedules > _FEW and self._used() > schedules * _A_SCHEDULE_S

    def _used(self) -> float:
        """Processor time since then, in seconds. Of one that has ended nothing is known any more."""
        used = 0.0
        for clock, before in self._before.items():
            try:
                used += _read(clock) - before
            except OSError:
                continue
        return used
