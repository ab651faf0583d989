"""A seccomp filter in classic BPF: system calls that student code never needs answer with an error.

Numbers are from the kernel's tables for x86-64 and arm64 (asm/unistd_64.h, asm-generic/unistd.h).
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Sequence
from typing import NamedTuple

from .limits import LIBC, check, no_new_privileges


class _Machine(NamedTuple):
    audit_arch: int
    forbidden: tuple[int, ...]
    socket: int
    clone: int
    clone3: int
    ioctl: int
    memfd_create: int
    setsockopt: int
    metadata: tuple[int, ...]
    of_a_process: tuple[int, ...]
    of_a_kind_and_number: tuple[int, ...]


# ptrace and other processes' memory; kernel interfaces with a history (bpf, userfaultfd, io_uring, keyrings, perf);
# mounts and namespaces; clocks, modules, swap, reboot; System V IPC (not counted against any of our limits).
# `metadata`: the chmod, chown, utime and setxattr families, which Landlock does not cover. `of_a_process`: prlimit64
# and the setters of affinity and scheduling, whose first argument is a pid; `of_a_kind_and_number`: setpriority and
# ioprio_set, which may name a process, a group or a user.
_X86_64 = _Machine(
    0xC000003E,
    (
        *(101, 310, 311, 312, 438, 440, 298, 321, 323, 425, 426, 427, 248, 249, 250),
        *(165, 166, 155, 161, 428, 429, 430, 431, 432, 433, 442, 308, 272, 303, 304),
        *(246, 320, 169, 167, 168, 175, 313, 176, 135, 163, 179, 164, 227, 305, 159, 103, 172, 173, 154, 300),
        *(29, 30, 64, 68, 212, 153, 237, 256, 279, 170, 171),
    ),
    *(41, 56, 435, 16, 319, 54),
    (90, 91, 268, 452, 92, 93, 94, 260, 280, 132, 235, 261, 188, 189, 190, 197, 198, 199),
    (302, 203, 144, 142, 314),
    (141, 251),
)
_AARCH64 = _Machine(
    0xC00000B7,
    (
        *(117, 270, 271, 272, 438, 440, 241, 280, 282, 425, 426, 427, 217, 218, 219),
        *(40, 39, 41, 51, 428, 429, 430, 431, 432, 433, 442, 268, 97, 264, 265),
        *(104, 142, 224, 225, 105, 273, 106, 92, 89, 170, 112, 266, 171, 116),
        *(194, 196, 190, 186),
    ),
    *(198, 220, 435, 29, 279, 208),
    (52, 53, 452, 54, 55, 88, 5, 6, 7, 14, 15, 16),
    (261, 122, 119, 118, 274),
    (140, 30),
)

_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_NEW_NAMESPACE_FLAGS = 0x7E020000  # user, pid, net, ipc, uts, cgroup, mount
_TIOCSTI = 0x5412
_X32_BIT = 0x40000000
_SOL_SOCKET, _SO_LINGER = 1, 13
_AF_UNIX, _AF_INET, _AF_INET6 = 1, 2, 10

_Instruction = tuple[int, int, int, int]


def _load(offset: int) -> _Instruction:
    return (0x20, 0, 0, offset)


def _return(action: int) -> _Instruction:
    return (0x06, 0, 0, action)


def _errno(number: int) -> int:
    return 0x00050000 | number


def _if_equal(value: int, then: int, otherwise: int) -> _Instruction:
    return (0x15, then, otherwise, value)


def _if_any_bit(bits: int, then: int, otherwise: int) -> _Instruction:
    return (0x45, then, otherwise, bits)


def _if_at_least(value: int, then: int, otherwise: int) -> _Instruction:
    return (0x35, then, otherwise, value)


def _on_call(number: int, body: Sequence[_Instruction]) -> list[_Instruction]:
    return [_if_equal(number, 0, len(body)), *body]


def _only_families(*families: int) -> list[_Instruction]:
    """AF_VSOCK, AF_NETLINK and their like reach past a network namespace."""
    last = len(families)
    tests = [_if_equal(family, last - place, 0) for place, family in enumerate(families)]
    return [_load(16), *tests, _return(_errno(errno.EAFNOSUPPORT)), _return(_ALLOW)]


def _nothing_of_others(table: _Machine) -> list[_Instruction]:
    """Where other processes can be seen: no files' metadata, and no limits and priorities but one's own."""
    code: list[_Instruction] = []
    for number in table.metadata:
        code += _on_call(number, [_return(_errno(0))])
    refuse = [_return(_errno(errno.EPERM)), _return(_ALLOW)]
    for number in table.of_a_process:
        code += _on_call(number, [_load(16), _if_equal(0, 1, 0), *refuse])
    for (
        number
    ) in table.of_a_kind_and_number:  # one thread's (0, or 1 for ioprio_set) is told from groups and users by 2
        code += _on_call(number, [_load(24), _if_equal(0, 0, 2), _load(16), _if_at_least(2, 0, 1), *refuse])
    return code


def _no_lingering() -> list[_Instruction]:
    """A lingering socket that is sent to somebody makes them wait when they close it."""
    refuse = [_load(32), _if_equal(_SO_LINGER, 0, 1), _return(_errno(errno.EPERM)), _return(_ALLOW)]
    return [_load(24), _if_equal(_SOL_SOCKET, 1, 0), _return(_ALLOW), *refuse]


def program(machine: str, deny_memfd: bool, only_local: bool) -> bytes:
    """The filter as an array of sock_filter. `deny_memfd` where no cgroup counts anonymous files as memory.

    `only_local` where the host's files and network are still there: no sockets but Unix ones; calls that change modes,
    owners and times of files succeed without effect, since honest programs make them in passing.
    """
    table = _AARCH64 if machine == "aarch64" else _X86_64
    code = [_load(4), _if_equal(table.audit_arch, 1, 0), _return(_KILL), _load(0)]
    if table is _X86_64:
        code += [_if_at_least(_X32_BIT, 0, 1), _return(_KILL)]
    for number in (*table.forbidden, *([table.memfd_create] if deny_memfd else [])):
        code += _on_call(number, [_return(_errno(errno.EPERM))])
    code += _on_call(table.clone3, [_return(_errno(errno.ENOSYS))])  # its flags lie in memory; libc falls back to clone
    no_namespaces = [
        _load(16),
        _if_any_bit(_NEW_NAMESPACE_FLAGS, 0, 1),
        _return(_errno(errno.EPERM)),
        _return(_ALLOW),
    ]
    code += _on_call(table.clone, no_namespaces)
    families = (_AF_UNIX,) if only_local else (_AF_UNIX, _AF_INET, _AF_INET6)
    code += _on_call(table.socket, _only_families(*families))
    if only_local:
        code += _nothing_of_others(table)
    no_typing = [_load(24), _if_equal(_TIOCSTI, 0, 1), _return(_errno(errno.EPERM)), _return(_ALLOW)]
    code += _on_call(table.ioctl, no_typing)
    code += _on_call(table.setsockopt, _no_lingering())
    code += [_return(_ALLOW)]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)


def supported() -> bool:
    return sys.platform == "linux" and os.uname().machine in ("x86_64", "aarch64")


def install(deny_memfd: bool, only_local: bool) -> int:
    """Puts the filter on this process and all its descendants; returns its length in instructions. Raises OSError."""
    code = program(os.uname().machine, deny_memfd, only_local)
    buffer = ctypes.create_string_buffer(code, len(code))
    descriptor = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer))
    no_new_privileges()
    check(LIBC.prctl(22, 2, descriptor, 0, 0), "seccomp")
    return len(code) // 8
