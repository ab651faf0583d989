"""Thousands of schedules leave no thread, no memory and no replaced name behind."""

from __future__ import annotations

import asyncio
import queue
import subprocess
import sys
import threading
import time

from grader.player.schedules.messages import Plan

from .programs import CASES

_NAMES = [
    *((threading, name) for name in ("Lock", "RLock", "Thread", "_allocate_lock")),
    *((threading.Thread, name) for name in ("start", "join", "is_alive", "__hash__")),
    *((time, name) for name in ("sleep", "monotonic", "time", "time_ns")),
    *((queue, "SimpleQueue"), (asyncio, "new_event_loop"), (sys, "unraisablehook")),
]
_COUNT = """
import gc, os, resource, sys
from grader.player.schedules.messages import Plan
from tests.player.schedules.programs import CASES
case = next(case for case in CASES if case.name == "bounded_buffer")
def rest():
    gc.collect()
    return len(os.listdir("/proc/self/task")), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
case.explore(Plan(1, 400))
before = rest()
for seed in range(5):
    case.explore(Plan(seed, 800))
print(*before, *rest())
"""


def test_every_name_is_what_it_was() -> None:
    before = [getattr(owner, name) for owner, name in _NAMES]
    for name in ("counter", "crossed_locks", "event_loop_and_threads", "flag_never_set"):
        next(case for case in CASES if case.name == name).explore(Plan(1, 30))
    assert [getattr(owner, name) for owner, name in _NAMES] == before
    assert threading.active_count() == 1 or threading.main_thread() in threading.enumerate()


def test_no_thread_and_no_memory_is_left() -> None:
    """tests/benchmarks/schedules.py does it with 30,000."""
    said = subprocess.run([sys.executable, "-c", _COUNT], capture_output=True, text=True, check=True).stdout
    threads, memory_kb, threads_then, memory_kb_then = map(int, said.split())
    assert (threads, threads_then) == (1, 1)
    assert memory_kb_then - memory_kb < 4096, "KiB more at the highest"
