"""Limits a process sets on itself before student code runs, by setrlimit and, on Linux, prctl."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from collections.abc import Mapping

LIBC = ctypes.CDLL(None, use_errno=True)

# linux/prctl.h
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38
PR_SET_SECCOMP, PR_CAPBSET_READ, PR_CAPBSET_DROP = 22, 23, 24


def check(result: int, what: str) -> int:
    """Raises OSError with `what` in its text when a libc call failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option: int, *values: int) -> int:
    """Does nothing where there is no such thing, which is everywhere but on Linux. Raises OSError."""
    if sys.platform != "linux":
        return 0
    padded = [ctypes.c_ulong(v) for v in (option, *values, 0, 0, 0, 0)[:5]]
    return check(LIBC.prctl(*padded), f"prctl({option})")


def no_new_privileges() -> None:
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent(signal_number: int = 9) -> None:
    """The signal comes when the *thread* that forked us ends, so fork from long-lived threads only."""
    prctl(_PR_SET_PDEATHSIG, signal_number)


def adopt_orphans() -> None:
    """Descendants whose parent dies become our children (a subreaper)."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


def be_ended_first() -> None:
    """Where memory runs out, we and our children are ended before anything else in our cgroup. Raises OSError."""
    if sys.platform == "linux":
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")


def set_dumpable(on: bool) -> None:
    """Off: no process of the same user may look into our memory. On again: our own /proc files are ours."""
    prctl(_PR_SET_DUMPABLE, int(on))


def apply_rlimits(limits: Mapping[str, int]) -> None:
    """Sets RLIMIT_<name>, soft and hard, never above the hard limit that is in force already. Raises OSError.

    RLIMIT_AS is left alone on purpose: every thread reserves address space it never uses.
    """
    for name, value in limits.items():
        number = getattr(resource, f"RLIMIT_{name}", None)
        if number is None:
            continue
        hard = value + 2 if name == "CPU" else value  # SIGXCPU first, SIGKILL two seconds later
        most = resource.getrlimit(number)[1]
        if most != resource.RLIM_INFINITY:
            hard = min(hard, most)
        resource.setrlimit(number, (min(value, hard), hard))
