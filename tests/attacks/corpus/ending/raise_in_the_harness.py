"""Leaves a profiler behind that raises SystemExit(0) in the harness's own frames, once the function has returned.

verdict: crash
says: ended the whole process (exit status
"""

import sys


def leave(frame, event, argument):
    if frame.f_code.co_name == "serve":
        raise SystemExit(0)


def parallel_map(function, items, workers):
    sys.setprofile(leave)
    return []
