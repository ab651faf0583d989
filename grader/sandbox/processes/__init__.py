"""What the system says of a tree of processes: who exists, who waits, who used how much CPU time.

The judge asks, and nothing a student's code says or patches can change the answer. Linux tells all of it (`proc`);
elsewhere less is known (`portable`). Where what a thread waits for is not told, nobody can be sure that everything has
come to a stop for good: `PROVES_STOPS` is False there, and `NO_PROOF` says why. So it is on a Linux whose system calls
are not in our table (`grader.player.syscalls`).
"""

from __future__ import annotations

import os
import sys

from .model import Belongings, CpuTimes, Reader, Task, TaskState

if sys.platform == "linux":
    from . import proc as system
else:
    from . import portable as system

NO_PROOF = system.NO_PROOF
PROVES_STOPS = not NO_PROOF
ancestors = system.ancestors
belongings = system.belongings
command_line = system.command_line
cpu_times = system.cpu_times
descendants = system.descendants
ended_threads_ns = system.ended_threads_ns
exact_cpu_s = system.exact_cpu_s
lasts_s = system.lasts_s
parked_tasks = system.parked_tasks
peak_memory_mb = system.peak_memory_mb
socket_readers = system.socket_readers
tasks = system.tasks
tells_calls = system.tells_calls
thread_cpu_s = system.thread_cpu_s
threads_of = system.threads_of
tree_cpu_s = system.tree_cpu_s
waits_outside = system.waits_outside
wants_processor = system.wants_processor

__all__ = [
    "NO_PROOF",
    "PROVES_STOPS",
    "Belongings",
    "CpuTimes",
    "Reader",
    "Task",
    "TaskState",
    "ancestors",
    "belongings",
    "command_line",
    "cpu_times",
    "descendants",
    "ended_threads_ns",
    "exact_cpu_s",
    "exists",
    "lasts_s",
    "parked_tasks",
    "peak_memory_mb",
    "socket_readers",
    "tasks",
    "tells_calls",
    "thread_cpu_s",
    "threads_of",
    "tree_cpu_s",
    "waits_outside",
    "wants_processor",
]


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # somebody else's
    return True
