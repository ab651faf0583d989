"""macOS: what psutil tells of processes, and the kernel of how many threads of one are runnable.

What a thread waits for is not told: all that do not run count as waiting with a time-out. Nor is it told what ended
children used.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterable, Iterator

import psutil

from .model import Belongings, CpuTimes, Reader, Task, TaskState

NO_PROOF = "only Linux tells what threads wait for"

_LIBPROC = ctypes.CDLL(None)
# XNU's bsd/sys/proc_info.h: struct proc_taskinfo is 96 bytes long, pti_numrunning its last word but one.
_PROC_PIDTASKINFO, _WORDS, _NUMRUNNING = 4, 24, 22


def descendants(root: int) -> list[int]:
    """`root` and every process below it, parents first."""
    with contextlib.suppress(psutil.Error):
        return [root, *(child.pid for child in psutil.Process(root).children(recursive=True))]
    return [root]


def ancestors(pid: int) -> list[int]:
    """The parent of a process, its parent, and so on."""
    with contextlib.suppress(psutil.Error):
        return [parent.pid for parent in psutil.Process(pid).parents()]
    return []


def tasks(pids: Iterable[int]) -> Iterator[Task]:
    """Every living thread of the processes; those that end meanwhile are left out."""
    for pid in pids:
        yield from _tasks_of(pid)


def parked_tasks(pids: Iterable[int]) -> list[Task] | None:
    """Every living thread, or None where one is found that has a processor, or is in line for one."""
    found = list(tasks(pids))
    return None if any(task.wait is TaskState.RUNNABLE for task in found) else found


def _tasks_of(pid: int) -> list[Task]:
    """Threads are known by their number only. `switches` stands still: whose a switch was is not told."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return []
        count = process.num_threads()
    except psutil.Error:
        return []
    running = _running_threads(pid)
    waits = (TaskState.RUNNABLE if number < running else TaskState.PARKED_WITH_TIMEOUT for number in range(count))
    return [Task(pid, pid << 20 | number, wait, 0) for number, wait in enumerate(waits)]


def _running_threads(pid: int) -> int:
    """How many threads of a process have a processor or are in line for one; 0 when it is gone."""
    buffer = (ctypes.c_uint32 * _WORDS)()
    size = _LIBPROC.proc_pidinfo(pid, _PROC_PIDTASKINFO, ctypes.c_uint64(0), buffer, ctypes.sizeof(buffer))
    return int(buffer[_NUMRUNNING]) if size == ctypes.sizeof(buffer) else 0


def waits_outside(pid: int) -> bool:
    """Unknown: what a thread waits for is not told."""
    return False


def thread_cpu_s(pid: int, tid: int) -> float:
    """Not told of one thread alone."""
    return 0.0


def tells_calls(pid: int) -> bool:
    """Whether it is told what the threads of a process wait for: it never is."""
    return False


def lasts_s(task: Task) -> float:
    """For how many seconds a thread waits at most: never told, so 0."""
    return 0.0


def socket_readers(pids: Iterable[int]) -> list[Reader]:
    """Unknown: what a thread waits for is not told."""
    return []


def ended_threads_ns(pid: int) -> int | None:
    """Not told."""
    return None


def belongings(pid: int) -> Belongings | None:
    """Unknown: what has been read and written, and which shared memory there is, is not told."""
    return None


def cpu_times(pid: int) -> CpuTimes | None:
    """Kernel-accounted times of a living process; None when it is gone, or a zombie."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        times = process.cpu_times()
        parent = process.ppid()
    except psutil.Error:
        return None
    waited_for = times.children_user + times.children_system
    return CpuTimes(times.user + times.system, waited_for, parent, _running_threads(pid) > 0)


def tree_cpu_s(root: int) -> float:
    """CPU seconds of the living processes of a tree."""
    found = [times for pid in descendants(root) if (times := cpu_times(pid)) is not None]
    return sum(times.used + times.waited_for for times in found)


def exact_cpu_s(root: int) -> float:
    """The same: it is told as exactly as it can be."""
    return tree_cpu_s(root)


def wants_processor(pids: Iterable[int]) -> bool:
    """Whether any thread of the processes has a processor or is in line for one."""
    return any(_running_threads(pid) > 0 for pid in pids)


def peak_memory_mb(pid: int) -> float | None:
    """Unknown: only what is in use now is told."""
    return None


def command_line(pid: int) -> str:
    """The process's arguments joined by spaces; empty when it is gone."""
    with contextlib.suppress(psutil.Error):
        return " ".join(psutil.Process(pid).cmdline())
    return ""


def threads_of(uid: int) -> int:
    """How many processes a user has: here it is those that RLIMIT_NPROC counts."""
    return sum(1 for process in psutil.process_iter(["uids"]) if (uids := process.info["uids"]) and uids.real == uid)
