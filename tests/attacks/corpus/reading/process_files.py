"""Reads environment, command line and descriptors of every process it can name, the judge first.

needs: isolation
"""

import contextlib
import os
import re

JUDGE = "@JUDGE@"
SECRET = re.compile(rb"CANARY-[a-z-]+-[0-9a-f]{16}")


def parallel_map(function, items, workers):
    visible = [name for name in os.listdir("/proc") if name.isdigit()]
    for pid in (JUDGE, str(os.getppid()), "self", *visible):
        folder = f"/proc/{pid}"
        files = [f"{folder}/{name}" for name in ("environ", "cmdline", "stack", "auxv", "cwd/../grades.csv")]
        with contextlib.suppress(OSError):
            files += [f"{folder}/fd/{number}" for number in os.listdir(folder + "/fd")]
        for file in files:
            try:
                descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
                print(file, SECRET.findall(os.read(descriptor, 1 << 20)), flush=True)
            except OSError:
                continue
    return []
