"""A root of our own: user, mount, pid, network, IPC, host name and cgroup namespaces, entered without any package.

The supervisor calls `leave_host` and asks the judge to map its ids; the forked init then calls `build_root`, and
`seal_root` when the socket for callbacks is in place.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import sys

from .configuration import Root
from .limits import LIBC, PR_CAPBSET_DROP, PR_CAPBSET_READ, check, no_new_privileges
from .syscalls import NUMBERS

_CLONE_FLAGS = 0x00020000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000 | 0x02000000
_NEW_USER = 0x10000000
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
_NOATIME, _RELATIME = 0x400, 0x200000
_MNT_DETACH = 2
_CAPABILITY_VERSION_3 = 0x20080522
_DEVICES = ("null", "zero", "full", "random", "urandom")
_ETC = {
    "passwd": "nobody:x:65534:65534:student:/tmp:/bin/sh\n",
    "group": "nogroup:x:65534:\n",
    "hosts": "127.0.0.1 localhost\n::1 localhost\n",
}

NOBODY = 65534  # the id student code has inside, whoever runs the judge


def leave_host() -> None:
    """Enters fresh namespaces; our next child is process 1 of the new pid namespace. Raises OSError."""
    check(LIBC.unshare(_CLONE_FLAGS), "unshare")


def join(pid: int) -> None:
    """Enters the namespaces of a process; into its pid namespace go only our next children. Raises OSError."""
    descriptor = os.pidfd_open(pid)
    with_user = 0 if _shares_user_namespace(pid) else _NEW_USER  # joining one's own is refused
    check(LIBC.setns(descriptor, _CLONE_FLAGS & ~_NEW_USER | with_user), "setns")
    os.close(descriptor)


def _shares_user_namespace(pid: int) -> bool:
    return os.readlink(f"/proc/{pid}/ns/user") == os.readlink("/proc/self/ns/user")


def build_root(root: Root) -> None:
    """Makes a new root file system on a tmpfs and moves there; `seal_root` ends the building. Raises OSError."""
    _mount(None, "/", None, _REC | _PRIVATE)
    sources = [(os.open(src, os.O_PATH | os.O_CLOEXEC), os.path.isdir(src), dst) for src, dst in root["binds"]]
    new = "/tmp"  # any directory will do: the sources are already pinned by descriptor
    _mount("tmpfs", new, "tmpfs", _NOSUID | _NODEV, "size=4m,mode=755")
    for source, is_directory, target in sources:
        _bind_read_only(source, is_directory, new + target)
        os.close(source)
    for target, link in root["symlinks"]:
        os.symlink(target, new + link)
    for path in root["masks"]:
        _mount("tmpfs", new + path, "tmpfs", _NOSUID | _NODEV | _RDONLY, "size=0,mode=555")
    _fill(new, root)
    _pivot(new)
    _loopback_up()
    socket.sethostname("sandbox")
    os.chdir("/tmp")


def seal_root() -> None:
    """Makes the root read-only; /tmp and /dev/shm stay writable. Raises OSError."""
    _mount(None, "/", None, _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV)


def _fill(new: str, root: Root) -> None:
    for name, size in (("/tmp", root["tmp_mb"]), ("/dev/shm", root["shm_mb"])):
        os.makedirs(new + name)
        _mount("tmpfs", new + name, "tmpfs", _NOSUID | _NODEV, f"size={size}m,mode=1777")
    os.makedirs(new + "/proc")
    _mount("proc", new + "/proc", "proc", _NOSUID | _NODEV | _NOEXEC)
    for name in _DEVICES:
        _touch(f"{new}/dev/{name}")
        _mount(f"/dev/{name}", f"{new}/dev/{name}", None, _BIND)
    os.symlink("/proc/self/fd", new + "/dev/fd")
    os.makedirs(new + "/etc", exist_ok=True)
    for name, text in _ETC.items():
        with open(f"{new}/etc/{name}", "w") as file:
            file.write(text)


def _touch(path: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o644))


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    texts = [text.encode() if text is not None else None for text in (source, target, kind)]
    options = data.encode() if data else None
    check(LIBC.mount(*texts, ctypes.c_ulong(flags), options), f"mount {source or kind or ''} on {target}")


def _bind_read_only(source: int, is_directory: bool, target: str) -> None:
    if is_directory:
        os.makedirs(target, exist_ok=True)
    else:
        _touch(target)
    _mount(f"/proc/self/fd/{source}", target, None, _BIND | _REC)
    if not _set_read_only_recursively(target):
        now = os.statvfs(target).f_flag  # flags a less privileged remount may not clear
        kept = _NOEXEC if now & os.ST_NOEXEC else 0
        kept |= _NOATIME if now & os.ST_NOATIME else _RELATIME if now & os.ST_RELATIME else 0
        _mount(None, target, None, _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV | kept)


def _set_read_only_recursively(target: str) -> bool:
    """mount_setattr (Linux >= 5.12) also covers mounts below `target`; False where the kernel lacks it."""
    at_fdcwd, at_recursive = ctypes.c_int(-100), 0x8000
    attributes = struct.pack("QQQQ", _RDONLY | _NOSUID | _NODEV, 0, 0, 0)
    size = ctypes.c_size_t(len(attributes))
    return bool(LIBC.syscall(NUMBERS["mount_setattr"], at_fdcwd, target.encode(), at_recursive, attributes, size) == 0)


def _pivot(new: str) -> None:
    os.makedirs(new + "/.host")
    os.chdir(new)
    check(LIBC.syscall(NUMBERS["pivot_root"], b".", b".host"), "pivot_root")
    os.chdir("/")
    check(LIBC.umount2(b"/.host", _MNT_DETACH), "umount of the host's root")
    os.rmdir("/.host")


def _loopback_up() -> None:
    siocsifflags, up_and_running = 0x8914, 0x41
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, siocsifflags, struct.pack("16sh14x", b"lo", up_and_running))


def drop_capabilities() -> None:
    """Gives up every capability, in the bounding set too, and any way to regain one. Only Linux has any."""
    if sys.platform != "linux":
        return
    for capability in range(64):
        if LIBC.prctl(PR_CAPBSET_READ, capability, 0, 0, 0) < 0:
            break
        LIBC.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0)
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    check(LIBC.capset(header, bytes(24)), "capset")
    no_new_privileges()


def become_nobody() -> None:
    """Root inside becomes NOBODY; whoever is mapped there already stays who they are."""
    if os.getuid() == 0:
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
