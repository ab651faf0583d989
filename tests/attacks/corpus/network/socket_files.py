"""Looks for socket files everywhere and connects to each: buses, containers, databases, other players.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import os
import socket
import stat
from concurrent.futures import ThreadPoolExecutor


def parallel_map(function, items, workers):
    for top in ("/run", "/var", "/tmp", "/dev", "/box", "/etc", "/home", "/root", "@SCENE@"):
        for folder, _, names in os.walk(top):
            for path in (os.path.join(folder, name) for name in names):
                if path != function.path and stat.S_ISSOCK(os.lstat(path).st_mode):
                    with socket.socket(socket.AF_UNIX) as service:
                        service.connect(path)
                    raise RuntimeError(f"{path} accepts connections")
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
