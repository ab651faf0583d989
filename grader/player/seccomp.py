"""A seccomp filter in classic BPF: system calls that student code never needs answer with an error."""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Sequence

from .limits import LIBC, PR_SET_SECCOMP, check, no_new_privileges
from .syscalls import AUDIT_ARCH, MACHINE, numbers

_FORBIDDEN = (
    # other processes and their memory
    *("ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "process_madvise"),
    # kernel interfaces with a history
    *("perf_event_open", "bpf", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("add_key", "request_key", "keyctl"),
    # mounts and namespaces
    *("mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick"),
    *("mount_setattr", "setns", "unshare", "name_to_handle_at", "open_by_handle_at", "sethostname", "setdomainname"),
    # the machine: its kernel, modules, swap, clocks, log, ports
    *("kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "init_module", "finit_module", "delete_module"),
    *("personality", "acct", "quotactl", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "syslog"),
    *("iopl", "ioperm", "modify_ldt", "fanotify_init", "lookup_dcookie", "vhangup"),
    *("mbind", "migrate_pages", "move_pages"),
    # System V IPC, which is counted against none of our limits
    *("shmget", "shmat", "semget", "msgget"),
)
# Not covered by Landlock.
_METADATA = (
    *("chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat"),
    *("utime", "utimes", "futimesat", "utimensat"),
    *("setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr"),
)
# Who takes the last place in line for a processor could pass for starved; honest programs may want to be nice.
_PRIORITIES = ("setpriority", "sched_setscheduler", "sched_setparam", "sched_setattr")
# The first argument is a pid; or it says whether the second one names a process, a group or a user.
_OF_A_PROCESS = ("prlimit64", "sched_setaffinity")
_OF_A_KIND_AND_NUMBER = ("ioprio_set",)

_FILTER_MODE = 2
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


def _on_call(table: dict[str, int], name: str, body: Sequence[_Instruction]) -> list[_Instruction]:
    """Nothing where the machine has no such call."""
    return [_if_equal(table[name], 0, len(body)), *body] if name in table else []


def _only_families(*families: int) -> list[_Instruction]:
    """AF_VSOCK, AF_NETLINK and their like reach past a network namespace."""
    last = len(families)
    tests = [_if_equal(family, last - place, 0) for place, family in enumerate(families)]
    return [_load(16), *tests, _return(_errno(errno.EAFNOSUPPORT)), _return(_ALLOW)]


def _nothing_of_others(table: dict[str, int]) -> list[_Instruction]:
    """Where other processes can be seen: no files' metadata, and no limits and priorities but one's own."""
    code: list[_Instruction] = []
    for name in _METADATA:
        code += _on_call(table, name, [_return(_errno(0))])
    refuse = [_return(_errno(errno.EPERM)), _return(_ALLOW)]
    for name in _OF_A_PROCESS:
        code += _on_call(table, name, [_load(16), _if_equal(0, 1, 0), *refuse])
    for name in _OF_A_KIND_AND_NUMBER:  # one thread's (0, or 1 for ioprio_set) is told from groups and users by 2
        code += _on_call(table, name, [_load(24), _if_equal(0, 0, 2), _load(16), _if_at_least(2, 0, 1), *refuse])
    return code


def _no_lingering() -> list[_Instruction]:
    """A lingering socket that is sent to somebody makes them wait when they close it."""
    refuse = [_load(32), _if_equal(_SO_LINGER, 0, 1), _return(_errno(errno.EPERM)), _return(_ALLOW)]
    return [_load(24), _if_equal(_SOL_SOCKET, 1, 0), _return(_ALLOW), *refuse]


def program(machine: str, deny_memfd: bool, only_local: bool) -> bytes:
    """The filter as an array of sock_filter. `deny_memfd` where no cgroup counts anonymous files as memory.

    Priorities stay as they are, though setting them succeeds.
    `only_local` where the host's files and network are still there: no sockets but Unix ones; calls that change modes,
    owners and times of files succeed without effect, since honest programs make them in passing.
    """
    table = numbers(machine)
    code = [_load(4), _if_equal(AUDIT_ARCH[machine], 1, 0), _return(_KILL), _load(0)]
    if machine == "x86_64":
        code += [_if_at_least(_X32_BIT, 0, 1), _return(_KILL)]
    for name in (*_FORBIDDEN, *(["memfd_create"] if deny_memfd else [])):
        code += _on_call(table, name, [_return(_errno(errno.EPERM))])
    for name in _PRIORITIES:
        code += _on_call(table, name, [_return(_errno(0))])
    code += _on_call(table, "clone3", [_return(_errno(errno.ENOSYS))])  # its flags lie in memory; libc takes clone
    no_namespaces = [
        _load(16),
        _if_any_bit(_NEW_NAMESPACE_FLAGS, 0, 1),
        _return(_errno(errno.EPERM)),
        _return(_ALLOW),
    ]
    code += _on_call(table, "clone", no_namespaces)
    families = (_AF_UNIX,) if only_local else (_AF_UNIX, _AF_INET, _AF_INET6)
    code += _on_call(table, "socket", _only_families(*families))
    if only_local:
        code += _nothing_of_others(table)
    no_typing = [_load(24), _if_equal(_TIOCSTI, 0, 1), _return(_errno(errno.EPERM)), _return(_ALLOW)]
    code += _on_call(table, "ioctl", no_typing)
    code += _on_call(table, "setsockopt", _no_lingering())
    code += [_return(_ALLOW)]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)


def install(deny_memfd: bool, only_local: bool) -> int:
    """Puts the filter on this process and all its descendants; returns its length in instructions. Raises OSError."""
    code = program(MACHINE, deny_memfd, only_local)
    buffer = ctypes.create_string_buffer(code, len(code))
    descriptor = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer))
    no_new_privileges()
    check(LIBC.prctl(PR_SET_SECCOMP, _FILTER_MODE, descriptor, 0, 0), "seccomp")
    return len(code) // 8
