"""Asks for another user, groups, capabilities, priorities and limits than it was given.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import ctypes
import os
import resource
from concurrent.futures import ThreadPoolExecutor

PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_SET_NO_NEW_PRIVS = 28, 47, 38
libc = ctypes.CDLL(None, use_errno=True)


def raised(name):
    limit = getattr(resource, f"RLIMIT_{name}")
    resource.setrlimit(limit, (resource.getrlimit(limit)[1] + 1,) * 2)


def hurried():
    """Asking may seem to succeed; what counts is whether it has."""
    os.setpriority(os.PRIO_PROCESS, 0, -1)
    return 1 / (os.getpriority(os.PRIO_PROCESS, 0) < 0)


def scheduled_first():
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    return 1 / (os.sched_getscheduler(0) == os.SCHED_FIFO)


ATTEMPTS = {
    "setuid": lambda: os.setuid(0),
    "setresgid": lambda: os.setresgid(0, 0, 0),
    "setgroups": lambda: os.setgroups([0]),
    "nice": hurried,
    "real time": scheduled_first,
    "securebits": lambda: 1 / (1 + libc.prctl(PR_SET_SECUREBITS, 1, 0, 0, 0)),
    "ambient": lambda: 1 / (1 + libc.prctl(PR_CAP_AMBIENT, 2, 21, 0, 0)),
    "new privileges": lambda: 1 / (1 + libc.prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0)),
    "capset": lambda: 1 / (1 + libc.capset(b"\x22\x05\x08\x20" + bytes(4), b"\xff" * 24)),
    "hostname": lambda: os.open("/proc/sys/kernel/hostname", os.O_WRONLY),
    "sysrq": lambda: os.open("/proc/sysrq-trigger", os.O_WRONLY),
    "uid_map": lambda: os.open("/proc/1/uid_map", os.O_WRONLY),
    "oom": lambda: open("/proc/self/oom_score_adj", "w").write("-1000"),
    "cgroup": lambda: os.mkdir("/sys/fs/cgroup/attack"),
    **{name: lambda n=name: raised(n) for name in ("CPU", "NPROC", "DATA", "NOFILE", "MEMLOCK", "MSGQUEUE", "FSIZE")},
}


def parallel_map(function, items, workers):
    for name, attempt in ATTEMPTS.items():
        try:
            attempt()
        except (OSError, ValueError, ZeroDivisionError):
            continue
        raise RuntimeError(f"{name} was allowed")
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
