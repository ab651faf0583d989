"""Hooks itself in wherever Python calls back: tracing, profiling, audit, imports, warnings, exits, threads and forks.

All hooks raise, all of them while somebody else's code runs.

verdict: error fail crash
"""

import atexit
import gc
import os
import sys
import threading


def refuse(*anything, **more):
    raise SystemExit(0)


class Finder:
    find_spec = refuse


def parallel_map(function, items, workers):
    sys.excepthook = sys.unraisablehook = threading.excepthook = sys.displayhook = sys.breakpointhook = refuse
    sys.meta_path.insert(0, Finder)
    sys.path_hooks.insert(0, refuse)
    atexit.register(refuse)
    gc.callbacks.append(refuse)
    os.register_at_fork(before=refuse, after_in_parent=refuse, after_in_child=refuse)
    threading.setprofile(refuse)
    threading.settrace(refuse)
    sys.addaudithook(refuse)
    return [function(item) for item in items]
