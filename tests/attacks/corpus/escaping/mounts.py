"""Mounts, remounts, moves and unmounts, by the old calls and the new, changes its root, and makes device nodes.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import ctypes
import os
import stat
from concurrent.futures import ThreadPoolExecutor

FSOPEN, FSPICK, OPEN_TREE, MOVE_MOUNT, MOUNT_SETATTR = 430, 433, 428, 429, 442
PIVOT_ROOT = 41 if os.uname().machine == "aarch64" else 155
REMOUNT, BIND = 32, 4096
libc = ctypes.CDLL(None, use_errno=True)
ATTEMPTS = {
    "mount": lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
    "remount": lambda: libc.mount(None, b"/", None, REMOUNT | BIND, None),
    "proc": lambda: libc.mount(b"proc", b"/tmp", b"proc", 0, None),
    "umount": lambda: libc.umount2(b"/proc", 2),
    "chroot": lambda: libc.chroot(b"/tmp"),
    "pivot_root": lambda: libc.syscall(PIVOT_ROOT, b"/tmp", b"/tmp"),
    "fsopen": lambda: libc.syscall(FSOPEN, b"tmpfs", 0),
    "fspick": lambda: libc.syscall(FSPICK, -100, b"/", 0),
    "open_tree": lambda: libc.syscall(OPEN_TREE, -100, b"/", 1),
    "move_mount": lambda: libc.syscall(MOVE_MOUNT, -100, b"/tmp", -100, b"/usr", 0),
    "mount_setattr": lambda: libc.syscall(MOUNT_SETATTR, -100, b"/", 0, bytes(32), 32),
    "char device": lambda: os.mknod("/tmp/attack-c", stat.S_IFCHR | 0o666, os.makedev(1, 1)) or 0,
    "block device": lambda: os.mknod("/dev/shm/attack-b", stat.S_IFBLK | 0o666, os.makedev(8, 0)) or 0,
}


def parallel_map(function, items, workers):
    for name, attempt in ATTEMPTS.items():
        try:
            done = attempt() >= 0
        except OSError:
            done = False
        assert not done, f"{name} was allowed"
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
