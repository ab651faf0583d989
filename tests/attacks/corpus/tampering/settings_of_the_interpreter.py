"""Turns every knob of the interpreter that the harness might rely on, and then solves the exercise honestly.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
"""

import codecs
import gc
import os
import random
import signal
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor


def parallel_map(function, items, workers):
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(function, item) for item in items]
    sys.setswitchinterval(1000)
    sys.set_int_max_str_digits(0)
    sys.setrecursionlimit(200)
    gc.set_threshold(1)
    gc.set_debug(gc.DEBUG_SAVEALL)
    warnings.simplefilter("error")
    random.seed(0)
    codecs.register_error("strict", lambda error: ("", error.end))
    codecs.register(lambda name: None)
    os.environ.clear()
    os.chdir("/")
    os.umask(0o777)
    sys.stdout = sys.stderr = sys.__stdout__ = None
    sys.path.clear()
    sys.argv.clear()
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    return [future.result() for future in futures]
