"""Landlock: a process gives up file-system and network rights for good (Linux >= 5.13), without privileges."""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Sequence

from .limits import LIBC, check, no_new_privileges
from .syscalls import NUMBERS

_VERSION_FLAG, _PATH_BENEATH = 1, 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_BLOCK, _TRUNCATE, _IOCTL_DEV = 1 << 6, 1 << 11, 1 << 14, 1 << 15
_READ_ONLY = _EXECUTE | _READ_FILE | _READ_DIR
_ON_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_HANDLED_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_BIND_AND_CONNECT_TCP = 3
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 3


def abi() -> int:
    """The kernel's Landlock version; 0 where there is none, or where its calls are not known."""
    if not NUMBERS:
        return 0
    return max(0, int(LIBC.syscall(NUMBERS["landlock_create_ruleset"], None, ctypes.c_size_t(0), _VERSION_FLAG)))


def restrict(
    read_only: Sequence[str],
    writable: Sequence[str],
    devices: Sequence[str],
    listable: Sequence[str],
    network: bool,
) -> int:
    """From now on: read and run below `read_only`, anything but device nodes below `writable`, read, write `devices`.

    Below `listable` it can be seen what there is. Without `network` no TCP port can be bound or connected to (ABI 4).
    Signals and abstract sockets reach nobody who is not restricted along with us (ABI 6). Returns the ABI in force, 0
    where the kernel has no Landlock. Raises OSError.
    """
    version = abi()
    if not version:
        return 0
    handled = _HANDLED_BY_ABI[min(version, 5)]
    scoped = _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0
    network_rights = 0 if network else _BIND_AND_CONNECT_TCP
    size = 8 if version < 4 else 16 if version < 6 else 24
    attributes = struct.pack("QQQ", handled, network_rights, scoped)[:size]
    create = NUMBERS["landlock_create_ruleset"]
    ruleset = check(LIBC.syscall(create, attributes, ctypes.c_size_t(len(attributes)), 0), "landlock ruleset")
    no_device_nodes = handled & ~(_IOCTL_DEV | _MAKE_CHAR | _MAKE_BLOCK)
    for paths, rights in (
        (read_only, _READ_ONLY),
        (listable, _READ_DIR),
        (writable, no_device_nodes),
        (devices, _READ_FILE | _WRITE_FILE | _TRUNCATE | _IOCTL_DEV),
    ):
        for path in paths:
            _allow(ruleset, path, rights & handled)
    no_new_privileges()
    check(LIBC.syscall(NUMBERS["landlock_restrict_self"], ruleset, 0), "landlock restrict")
    os.close(ruleset)
    return version


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _ON_A_FILE
        rule = struct.pack("=Qi", rights, place)
        check(LIBC.syscall(NUMBERS["landlock_add_rule"], ruleset, _PATH_BENEATH, rule, 0), f"landlock rule for {path}")
    finally:
        os.close(place)
