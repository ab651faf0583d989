"""Writes to the interpreter, its library, the kit, its own submission and the system's programs, by name and by mmap.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import grader.player.wire

PLACES = [sys.executable, threading.__file__, grader.player.wire.__file__, __file__, "/usr/bin/env", "/etc/passwd"]
FLAGS = (os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_TRUNC, os.O_WRONLY | os.O_APPEND)


def allowed(act, *arguments):
    try:
        act(*arguments)
    except OSError:
        return False
    return True


def parallel_map(function, items, workers):
    for path in PLACES:
        real = os.path.realpath(path)
        tried = [allowed(os.open, real, flags) for flags in FLAGS]
        tried += [allowed(os.open, f"/proc/{pid}/root{real}", os.O_WRONLY) for pid in ("self", "1")]
        tried += [allowed(os.rename, real, real + "~"), allowed(os.unlink, real), allowed(os.truncate, real, 0)]
        tried += [allowed(os.mkdir, os.path.dirname(real) + "/attack-planted")]
        tried += [allowed(os.link, real, "/tmp/attack-link"), allowed(os.setxattr, real, "user.attack", b"x")]
        assert not any(tried), f"{real} can be changed (way {tried.index(True)})"
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
