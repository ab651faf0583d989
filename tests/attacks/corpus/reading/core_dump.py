"""Has a child dump its core, with every descriptor and all memory that it shares, and looks for the file afterwards.

needs: isolation
"""

import contextlib
import os
import re
import resource


def parallel_map(function, items, workers):
    os.chdir("/tmp")
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    child = os.fork()
    if child == 0:
        os.abort()
    print("dumped:", os.WCOREDUMP(os.waitpid(child, 0)[1]), flush=True)
    for folder in ("/tmp", "/var/crash", "/var/lib/systemd/coredump", "/cores", "/"):
        for name in os.listdir(folder) if os.path.isdir(folder) else []:
            if "core" in name:
                with open(os.path.join(folder, name), "rb") as file:
                    print(folder, name, re.findall(rb"CANARY-[a-z-]+-[0-9a-f]{16}", file.read()), flush=True)
    return []
