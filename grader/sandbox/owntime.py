"""How much of the time that passes is a player's own: it runs, or idles. What the machine withholds is not counted.

Waiting times as the kernel keeps them are forgotten with each thread and process that ends, and an exploration starts
thousands. So nothing is added up from them. Now and then, at moments that nobody can foresee, it is looked whether
anything of the player's has a processor or is in line for one, or is held up in the kernel, as those who fork are where
many do; where nothing is, the pause before that look was idle.
Whoever has to wait for a processor is in line at nearly every look, however short its threads live. To be found in line
without being starved takes running, and processor time is limited by itself.

A look that comes late, because the judge was starved as well, counts no more than one that comes in time: the player
may have been in line meanwhile, or have waited for us. It counts in full only where neither can be: the player has
nothing to do with us, and a kernel that accounts for each moment says that it has used no processor since the last
look. Whoever was in line meanwhile has been given one, or is in line still.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Protocol

# For so many times its limits somebody may be in line for a processor, and not get one, before we give up.
STARVED_FACTOR = 30
_LOOK_EVERY_S = 0.03  # on average
_CHANCE = random.SystemRandom()  # what others seed, or fork, can be foreseen
_LONGEST_COUNTED_S = 0.08  # a pause that was meant to be longer than this is not one of ours
_LONGEST_OF_NOTHING_S = 2.0  # and one that is longer than this is no starved judge's: the whole machine stood still


class Tasks(Protocol):
    """What is asked of the kernel."""

    @property
    def accounted_exactly(self) -> bool:
        """Whether `cpu_s` leaves out nothing, however short."""

    def cpu_s(self) -> float:
        """CPU seconds of everything that was ever there."""

    def wants_processor(self) -> bool:
        """Whether anything that is there now has a processor, is in line for one, or is held up by the machine."""


class OwnTime:
    """Of `tasks`, from now on. Somebody calls `look` again and again while nothing else is to be done."""

    def __init__(self, tasks: Tasks, clock: Callable[[], float] = time.monotonic) -> None:
        self._tasks, self._clock = tasks, clock
        self._began = self._looked = clock()
        self._cpu_before = self._cpu_then = tasks.cpu_s()
        self._pause_s = _next_pause_s()
        self.idle_s = 0.0

    @property
    def cpu_s(self) -> float:
        """CPU seconds used."""
        return self._tasks.cpu_s() - self._cpu_before

    @property
    def own_s(self) -> float:
        """Seconds of running, one processor or several, and of idling."""
        return self.cpu_s + self.idle_s

    @property
    def elapsed_s(self) -> float:
        """Seconds that have passed, by the clock."""
        return self._clock() - self._began

    def look(self, waits_for_us: Callable[[], bool] = lambda: True) -> None:
        """Adds to `idle_s`, if it is time for that. `waits_for_us`: whether it may be our turn to do something."""
        now = self._clock()
        if now - self._looked < self._pause_s:
            return
        passed, self._looked, self._pause_s = now - self._looked, now, _next_pause_s()
        cpu, cpu_then = self._tasks.cpu_s(), self._cpu_then
        self._cpu_then = cpu
        if not self._tasks.wants_processor():
            ran = max(0.0, cpu - cpu_then)  # less than nothing where somebody ended who is not accounted for yet
            longest = _LONGEST_COUNTED_S
            if passed > longest and cpu == cpu_then and self._tasks.accounted_exactly and not waits_for_us():
                longest = _LONGEST_OF_NOTHING_S
            self.idle_s += max(0.0, min(passed, longest) - ran)


def _next_pause_s() -> float:
    """Not to be foreseen: nobody can be about to run at each look."""
    return _CHANCE.uniform(0.5, 1.5) * _LOOK_EVERY_S
