"""What a player still runs after it has answered."""

from __future__ import annotations

from typing import NamedTuple

from . import endings
from .channels import LONGEST_PAUSE_S, SHORTEST_PAUSE_S, Channels
from .job_time import Meter
from .launch import Launched
from .stillness import SPIN_CPU_S, StillnessWatch

_OWN_S = 5.0
_LOOKS_AT_WHAT_MOVES = 50  # one look misses a process that ends between being listed and being read


class Leftovers(NamedTuple):
    """Threads besides the one that has answered, and processes besides the main one."""

    threads: int
    processes: int


def left_over(launched: Launched, channels: Channels, what: str, meter: Meter) -> Leftovers:
    """Counted once everything that was ending has ended. Raises PlayerEndedError."""
    time = meter.time
    own_before, cpu_before = time.own_s, time.cpu_s
    watch = StillnessWatch(launched.pids, launched.main, channels.nothing_under_way, time)
    pause, settled = SHORTEST_PAUSE_S, watch.settled()
    while not settled and time.own_s - own_before < _OWN_S and time.cpu_s - cpu_before < SPIN_CPU_S:
        time.look()
        for handle in channels.wait(pause):
            handle()
        if channels.exit_status is not None:
            raise endings.of_exit(launched, channels.exit_status, f"what {what} had left running")
        meter.require_rest()
        pause, settled = min(2 * pause, LONGEST_PAUSE_S), watch.settled()
    looks = (_seen(launched, watch) for _ in range(1 if settled else _LOOKS_AT_WHAT_MOVES))
    return next(filter(any, looks), Leftovers(0, 0))


def _seen(launched: Launched, watch: StillnessWatch) -> Leftovers:
    threads = sum(1 for task in watch.tasks() if task.pid == launched.main)
    return Leftovers(max(0, threads - 1), len(launched.others()))
