"""Linux: everything is read from /proc."""

from __future__ import annotations

import os
import re
import struct
import time
from collections.abc import Iterable, Iterator, Sequence

from grader.player import syscalls
from grader.player.syscalls import NUMBERS

from .model import Belongings, CpuTimes, Reader, Task, TaskState

NO_PROOF = syscalls.unknown()

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")

# Calls that block until another task or the judge acts, with the place of their time-out (None: they have none).
# A time-out is "absent" when it is a null pointer, or -1 for those that take milliseconds. A pointer leads to seconds
# and their parts.
_POINTER, _TO_MICROSECONDS, _MILLISECONDS = "pointer", "pointer to microseconds", "milliseconds"
_BY_NAME: dict[str, tuple[int, str] | None] = {
    **dict.fromkeys(("read", "recvfrom", "recvmsg", "write", "sendto", "accept", "accept4")),
    **dict.fromkeys(("wait4", "waitid", "flock", "fcntl", "pause")),
    "futex": (3, _POINTER),
    "epoll_wait": (3, _MILLISECONDS),
    "epoll_pwait": (3, _MILLISECONDS),
    "epoll_pwait2": (3, _POINTER),
    "poll": (2, _MILLISECONDS),
    "ppoll": (2, _POINTER),
    "select": (4, _TO_MICROSECONDS),
    "pselect6": (4, _POINTER),
}
# On a machine whose calls are not known all of these are empty: so nobody is found there who waits for good.
_WAITS = {NUMBERS[name]: timeout for name, timeout in _BY_NAME.items() if name in NUMBERS}
_SLEEPS = {
    NUMBERS[name]: (position, _POINTER)
    for name, position in (("nanosleep", 0), ("clock_nanosleep", 2))
    if name in NUMBERS
}
_FUTEX, _CLOCK_NANOSLEEP = NUMBERS.get("futex"), NUMBERS.get("clock_nanosleep")
_TIMER_ABSTIME, _FUTEX_COMMAND, _FUTEX_WAIT, _FUTEX_CLOCK_REALTIME = 1, 0x7F, 0, 256  # linux/time.h, linux/futex.h
_CLONE_VFORK = 0x4000  # linux/sched.h
_VFORKS = {NUMBERS[name] for name in ("vfork", "clone3") if name in NUMBERS}
_SHARED_MEMORY = "/dev/shm"
_SOCKET = re.compile(r"socket:\[(\d+)\]")
_LOOKS = 50
_SCHEDULED = 2  # CPUCLOCK_SCHED: which of a process's clocks, as it stands in the number of that (linux/posix-timers.h)
_READS = {NUMBERS[name] for name in ("read", "recvfrom", "recvmsg") if name in NUMBERS}


def _read(path: str) -> str:
    """A file of /proc in one read, without the cost of a buffered text file. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 8192).decode("utf-8", "replace")
    finally:
        os.close(descriptor)


def descendants(root: int) -> list[int]:
    """`root` and every process below it, parents first."""
    found = [root]
    for pid in found:
        found += _children(pid)
    return found


def ancestors(pid: int) -> list[int]:
    """The parent of a process, its parent, and so on."""
    found: list[int] = []
    while pid > 1:
        try:
            pid = int(_read(f"/proc/{pid}/stat").rpartition(")")[2].split()[1])
        except OSError:
            break
        found.append(pid)
    return found


def _children(pid: int) -> list[int]:
    children: list[int] = []
    try:
        for tid in os.listdir(f"/proc/{pid}/task"):
            children += [int(child) for child in _read(f"/proc/{pid}/task/{tid}/children").split()]
    except OSError:
        pass  # it ended meanwhile
    return children


def tasks(pids: Iterable[int]) -> Iterator[Task]:
    """Every living thread of the processes, read one by one; those that end meanwhile are left out."""
    for pid in pids:
        for tid in _thread_ids(pid):
            task = _read_task(pid, tid)
            if task is not None:
                yield task


def parked_tasks(pids: Iterable[int]) -> list[Task] | None:
    """Every living thread, or None as soon as one is found, or missed, that has a processor, or is in line for one."""
    found: list[Task] = []
    for pid in pids:
        parked = _parked_tasks_of(pid)
        if parked is None:
            return None
        found += parked
    return found


def _parked_tasks_of(pid: int) -> list[Task] | None:
    """The kernel may leave threads out of a listing during which others end: so they are counted as well."""
    parked, ended = [], 0
    for tid in _thread_ids(pid):
        task = _read_task(pid, tid)
        if task is None:
            ended += _is_zombie(pid, tid)
        elif task.wait is TaskState.RUNNABLE:
            return None
        else:
            parked.append(task)
    return parked if len(parked) + ended >= _thread_count(pid) else None


def _is_zombie(pid: int, tid: int) -> bool:
    return _state(pid, tid) in {"Z", "X"}


def _thread_count(pid: int) -> int:
    """As the kernel keeps it, ended main threads included; 0 when the process is gone."""
    try:
        return int(_read(f"/proc/{pid}/stat").rpartition(")")[2].split()[17])
    except (OSError, IndexError):
        return 0


def _thread_ids(pid: int) -> list[int]:
    try:
        return [int(tid) for tid in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return []


def _read_task(pid: int, tid: int) -> Task | None:
    base = f"/proc/{pid}/task/{tid}/"
    try:
        state = _read(base + "stat").rpartition(")")[2].split()[0]
        if state in "ZX":
            return None
        switches = int(_read(base + "status").rpartition("\nvoluntary_ctxt_switches:")[2].split()[0])
        return Task(pid, tid, _wait(state, base), switches)
    except (OSError, IndexError, ValueError):
        return None


def lasts_s(task: Task) -> float:
    """For how many seconds a thread waits, unless somebody wakes it before; 0 where there is no time-out that is told.

    From the beginning of its wait on, or from now on where an end was given.
    """
    base = f"/proc/{task.pid}/task/{task.tid}/"
    try:
        syscall = _read(base + "syscall").split()
        if _classify(syscall) not in {TaskState.PARKED_WITH_TIMEOUT, TaskState.SLEEPING}:
            return 0.0
        return _time_out_s([int(word, 16) for word in syscall[1:7]], int(syscall[0]), base)
    except (OSError, IndexError, ValueError):
        return 0.0


def waits_outside(pid: int) -> bool:
    """Whether a thread of a parked process waits for something that is no lock of its own: a pipe, a child, a file."""
    calls = [_current_call(pid, tid) for tid in _thread_ids(pid)]
    return any(call in _WAITS and call != _FUTEX for call in calls)


def tells_calls(pid: int) -> bool:
    """Whether it is told what the threads of a process wait for: of this process, to us."""
    if NO_PROOF:
        return False
    try:
        return bool(_read(f"/proc/{pid}/syscall"))
    except OSError:
        return False


def socket_readers(pids: Iterable[int]) -> list[Reader]:
    """The threads of the processes that wait in a read of a socket. Helpers and idle workers read pipes."""
    found = (_socket_reader(pid, tid) for pid in pids for tid in _thread_ids(pid))
    return [reader for reader in found if reader is not None]


def _socket_reader(pid: int, tid: int) -> Reader | None:
    base = f"/proc/{pid}/task/{tid}/"
    try:
        times_run = int(_read(base + "schedstat").split()[2])
        call, descriptor, *_ = _read(base + "syscall").split()
        if int(call) not in _READS:
            return None
        socket = _SOCKET.fullmatch(os.readlink(f"{base}fd/{int(descriptor, 16)}"))
        return Reader(tid, int(socket[1]), times_run) if socket else None
    except (OSError, ValueError, IndexError):
        return None


def _current_call(pid: int, tid: int) -> int:
    try:
        return int(_read(f"/proc/{pid}/task/{tid}/syscall").split()[0])
    except (OSError, ValueError):
        return -1


def _wait(state: str, base: str) -> TaskState:
    if state in "RD":
        return TaskState.RUNNABLE
    if state in "Tt":
        return TaskState.PARKED_WITH_TIMEOUT if NO_PROOF else TaskState.PARKED
    try:
        return _classify(_read(base + "syscall").split())
    except PermissionError:  # it has made itself undumpable, and we are not root
        return TaskState.PARKED_WITH_TIMEOUT


def _classify(syscall: Sequence[str]) -> TaskState:
    """`syscall` is /proc's line: number, six arguments, stack and program counter; or `running`."""
    if syscall[0] == "running":
        return TaskState.RUNNABLE
    number = int(syscall[0])
    if number in _SLEEPS:
        return TaskState.SLEEPING
    if number not in _WAITS:
        return TaskState.PARKED_WITH_TIMEOUT  # unknown: never taken for a wait that only others can end
    timeout = _WAITS[number]
    if timeout is None:
        return TaskState.PARKED
    position, kind = timeout
    value = int(syscall[1 + position], 16)
    endless = value & 0xFFFFFFFF == 0xFFFFFFFF if kind == _MILLISECONDS else value == 0
    return TaskState.PARKED if endless else TaskState.PARKED_WITH_TIMEOUT


def _time_out_s(arguments: Sequence[int], number: int, base: str) -> float:
    position, kind = _SLEEPS.get(number) or _WAITS.get(number) or (0, "")
    if kind == _MILLISECONDS:
        return (arguments[position] & 0xFFFFFFFF) / 1000
    if not kind:
        return 0.0
    told_s = _seconds_at(base, arguments[position], 1e6 if kind == _TO_MICROSECONDS else 1e9)
    clock = _clock_of_the_end(arguments, number)
    return told_s if clock is None else max(0.0, told_s - time.clock_gettime(clock))


def _clock_of_the_end(arguments: Sequence[int], number: int) -> int | None:
    """By which clock it is told when the wait ends. None: for how long it lasts."""
    if number == _CLOCK_NANOSLEEP and arguments[1] & _TIMER_ABSTIME:
        return arguments[0]
    if number == _FUTEX and arguments[1] & _FUTEX_COMMAND != _FUTEX_WAIT:
        return time.CLOCK_REALTIME if arguments[1] & _FUTEX_CLOCK_REALTIME else time.CLOCK_MONOTONIC
    return None


def _seconds_at(base: str, address: int, parts: float) -> float:
    """What a thread has in its memory; 0 where we may not look."""
    try:
        descriptor = os.open(base + "mem", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return 0.0
    try:
        seconds, rest = struct.unpack("qq", os.pread(descriptor, 16, address))
    except (OSError, struct.error):
        return 0.0
    finally:
        os.close(descriptor)
    return float(seconds + rest / parts)


def cpu_times(pid: int) -> CpuTimes | None:
    """Kernel-accounted times of a living process; None when it is gone, or a zombie."""
    used = 0
    wants = False
    try:
        fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
        if fields[0] in "ZX":
            return None
        for tid in _thread_ids(pid):
            used += int(_read(f"/proc/{pid}/task/{tid}/schedstat").split()[0])
            wants = wants or _read(f"/proc/{pid}/task/{tid}/stat").rpartition(")")[2].split()[0] == "R"
    except (OSError, ValueError, IndexError):
        return None
    user, system, waited_user, waited_system = (int(field) / _TICKS_PER_SECOND for field in fields[11:15])
    return CpuTimes(max(used / 1e9, user + system), waited_user + waited_system, int(fields[1]), wants)


def thread_cpu_s(pid: int, tid: int) -> float:
    """Seconds that one thread has spent on a processor; 0 when it is gone."""
    try:
        return int(_read(f"/proc/{pid}/task/{tid}/schedstat").split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def ended_threads_ns(pid: int) -> int | None:
    """For how long threads of a process have run that are there no more, to the nanosecond; None if that is not told.

    While its threads run it may seem to be less: so it counts what is seen twice.
    """
    before = None
    for _ in range(_LOOKS):
        seen = _unaccounted_ns(pid)
        if seen is None or seen == before:
            return seen
        before = seen
    return None


def _unaccounted_ns(pid: int) -> int | None:
    """A process's own clock counts all threads that it ever had; less what those have run that are there.

    The clock is read first: so those have together run for as long at least as it has counted of them.
    """
    try:
        of_all = time.clock_gettime_ns(~pid << 3 | _SCHEDULED)
        living = [int(_read(f"/proc/{pid}/task/{tid}/schedstat").split()[0]) for tid in _thread_ids(pid)]
    except (OSError, ValueError, IndexError):
        return None
    return max(0, of_all - sum(living)) if living and all(living) else None


def belongings(pid: int) -> Belongings | None:
    """What a process has at this moment; None when it is gone, or that is not told."""
    try:
        done = dict(line.split(": ") for line in _read(f"/proc/{pid}/io").splitlines())
        return Belongings(
            children=frozenset(descendants(pid)[1:]),
            descriptors=len(os.listdir(f"/proc/{pid}/fd")),
            segments=_segments(pid),
            shared_bytes=_shared_bytes(pid),
            written_bytes=int(done["wchar"]),
            cpu_s=_cpu_s(pid),
        )
    except (OSError, KeyError, ValueError):
        return None


def _cpu_s(pid: int) -> float:
    times = cpu_times(pid)
    return 0.0 if times is None else times.used


def _segments(pid: int) -> frozenset[str] | None:
    """In shared memory of its own, if it has such; otherwise what belongs to its user, if that is not ours, too."""
    folder, user = f"/proc/{pid}/root{_SHARED_MEMORY}", os.stat(f"/proc/{pid}").st_uid
    if os.stat(folder).st_dev != os.stat(_SHARED_MEMORY).st_dev:
        return frozenset(os.listdir(folder))
    if user == os.getuid():
        return None
    return frozenset(name for name in os.listdir(folder) if os.lstat(f"{folder}/{name}").st_uid == user)


def _shared_bytes(pid: int) -> int:
    """The length of all that it has mapped to share it."""
    with open(f"/proc/{pid}/maps") as maps:
        lines = [line.split(maxsplit=2) for line in maps]
    areas = [area.split("-") for area, rights, _ in lines if rights.endswith("s")]
    return sum(int(end, 16) - int(start, 16) for start, end in areas)


def tree_cpu_s(root: int) -> float:
    """CPU seconds of the tree, including children that were waited for. Orphans count where an init reaped them."""
    total = 0
    for pid in descendants(root):
        try:
            fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:15])
    return total / _TICKS_PER_SECOND


def exact_cpu_s(root: int) -> float:
    """The same, living processes with all their threads to the nanosecond; only children waited for to a tick."""
    total = 0.0
    for pid in descendants(root):
        try:
            waited_for = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()[13:15]
            total += time.clock_gettime(~pid << 3 | _SCHEDULED) + sum(map(int, waited_for)) / _TICKS_PER_SECOND
        except OSError:
            continue
    return total


def wants_processor(pids: Iterable[int]) -> bool:
    """Whether any thread of the processes has a processor, is in line for one, or is held up by the machine."""
    return any(_is_no_wait_of_its_own(pid, tid) for pid in pids for tid in _thread_ids(pid))


def _is_no_wait_of_its_own(pid: int, tid: int) -> bool:
    """To fork, say, takes long where many others do it. But a parent may wait for its child in there, for good."""
    state = _state(pid, tid)
    return state == "R" or (state == "D" and not _may_wait_for_a_child(pid, tid))


def _may_wait_for_a_child(pid: int, tid: int) -> bool:
    """Of someone who is held up in the kernel. The flags of clone3 are not told."""
    try:
        number, flags, *_ = _read(f"/proc/{pid}/task/{tid}/syscall").split()
        return int(number) in _VFORKS or (int(number) == NUMBERS.get("clone") and bool(int(flags, 16) & _CLONE_VFORK))
    except PermissionError:  # it has made itself undumpable, and we are not root
        return True
    except (OSError, ValueError):  # it is gone, or runs
        return False


def _state(pid: int, tid: int) -> str:
    """The letter that the kernel has for it; empty when it is gone."""
    try:
        return _read(f"/proc/{pid}/task/{tid}/stat").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""


def peak_memory_mb(pid: int) -> float | None:
    """The most memory the process ever had in use at once; 0 when it is gone."""
    try:
        status = _read(f"/proc/{pid}/status")
    except OSError:
        return 0.0
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found.group(1)) / 1024 if found else 0.0


def command_line(pid: int) -> str:
    """The process's arguments joined by spaces; empty when it is gone."""
    try:
        return _read(f"/proc/{pid}/cmdline").replace("\0", " ")
    except OSError:
        return ""


def threads_of(uid: int) -> int:
    """How many threads a user has on this machine."""
    total = 0
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{name}").st_uid == uid:
                total += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            continue
    return total
