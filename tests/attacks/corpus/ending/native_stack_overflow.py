"""Runs out of the C stack, where the interpreter has no RecursionError to offer: the stack is made tiny first.

verdict: crash
says: ended by signal SIGSEGV during the call
"""

import resource
import sys


def parallel_map(function, items, workers):
    sys.setrecursionlimit(100_000)
    nested = []
    for _ in range(900):
        nested = [nested, {"deeper": nested}][:1]
    most = resource.getrlimit(resource.RLIMIT_STACK)[1]
    resource.setrlimit(resource.RLIMIT_STACK, (4096, most))
    while True:
        nested = [nested]
        repr(nested)
