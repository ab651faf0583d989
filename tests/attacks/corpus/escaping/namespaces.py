"""Makes new namespaces, in which it would be root, by unshare, clone and clone3, and enters those of others.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import ctypes
import glob
import os
import struct
from concurrent.futures import ThreadPoolExecutor

CLONE, CLONE3 = (220, 435) if os.uname().machine == "aarch64" else (56, 435)
KINDS = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x00000080)
libc = ctypes.CDLL(None, use_errno=True)


def parallel_map(function, items, workers):
    for flag in KINDS:
        if libc.unshare(flag) == 0 or libc.unshare(flag | 0x10000000) == 0:
            raise RuntimeError(f"unshare({flag:#x}) was allowed")
        arguments = struct.pack("8Q", flag, 0, 0, 0, 17, 0, 0, 0)
        ways = [lambda a=arguments: libc.syscall(CLONE3, a, len(a))]
        if flag != 0x80:  # by clone, this one would be part of a signal's number
            ways.append(lambda f=flag: libc.syscall(CLONE, f | 17, 0, 0, 0, 0))
        for way in ways:
            child = way()
            if child == 0:
                os._exit(0)
            if child > 0:
                raise RuntimeError(f"a child was made in a namespace of its own ({flag:#x})")
    for path in glob.glob("/proc/[0-9]*/ns/*"):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError:
            continue
        if libc.setns(descriptor, 0) == 0:
            raise RuntimeError(f"{path} was entered")
        os.close(descriptor)
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
