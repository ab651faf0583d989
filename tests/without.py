"""Runs a command where the kernel lacks what is named: `python -m tests.without namespaces,landlock COMMAND …`.

For namespaces: inside a user namespace that may have none below it. For Landlock: behind a seccomp filter that answers
as a kernel without it does. For the machine: told, as by `setarch`, that it is one of 32 bits, which the kit does not
know. Ends with 75 where that cannot be arranged.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from pathlib import Path

from grader.player import limits
from grader.player.syscalls import NUMBERS

_NEW_USER = 0x10000000
_FILTER_MODE, _PER_LINUX32 = 2, 8
IMPOSSIBLE = 75


def without_namespaces() -> None:
    uid, gid = os.getuid(), os.getgid()
    if limits.LIBC.unshare(_NEW_USER):
        raise SystemExit(IMPOSSIBLE)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
    Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def without_landlock() -> None:
    """In classic BPF: load the number; equal to Landlock's: ENOSYS; else allow."""
    code = [
        (0x20, 0, 0, 0),
        (0x15, 0, 1, NUMBERS["landlock_create_ruleset"]),
        (0x06, 0, 0, 0x50000 | errno.ENOSYS),
        (0x06, 0, 0, 0x7FFF0000),
    ]
    packed = b"".join(struct.pack("HBBI", *instruction) for instruction in code)
    buffer = ctypes.create_string_buffer(packed, len(packed))
    limits.no_new_privileges()
    program = struct.pack("HxxxxxxQ", len(code), ctypes.addressof(buffer))
    limits.check(limits.LIBC.prctl(limits.PR_SET_SECCOMP, _FILTER_MODE, program, 0, 0), "seccomp")


def without_the_machine() -> None:
    before = os.uname().machine
    limits.LIBC.personality(_PER_LINUX32)
    if os.uname().machine == before:
        raise SystemExit(IMPOSSIBLE)


if __name__ == "__main__":
    lacking = {"namespaces": without_namespaces, "landlock": without_landlock, "machine": without_the_machine}
    for name in sys.argv[1].split(","):
        lacking[name]()
    os.execvp(sys.argv[2], sys.argv[2:])
