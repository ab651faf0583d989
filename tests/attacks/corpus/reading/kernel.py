"""Asks the kernel: its log, its memory, its devices, its keys, and the settings below /sys that a host shows.

needs: isolation
"""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)
FILES = [
    "/proc/kmsg",
    "/proc/kcore",
    "/dev/kmsg",
    "/dev/mem",
    "/dev/port",
    "/proc/keys",
    "/proc/kallsyms",
    "/proc/1/io",
]


def parallel_map(function, items, workers):
    log = ctypes.create_string_buffer(1 << 18)
    got = [LIBC.klogctl(3, log, len(log)), LIBC.syscall(250, 11, -3, log, len(log))]
    opened = []
    for folder in ("/dev", "/sys", "/sys/fs/cgroup", "/proc/fs", "/proc/acpi", "/run", "/var", "/root", "/boot"):
        try:
            FILES.extend(os.path.join(folder, name) for name in os.listdir(folder))
        except OSError:
            continue
    for file in FILES:
        try:
            descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
            opened.append((file, os.read(descriptor, 4096)[:80]))
        except OSError:
            continue
    print(got, log.value[:200], opened, flush=True)
    return []
