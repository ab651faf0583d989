"""Leaves by `sys.exit(0)`, out of nested `finally` blocks, as a test runner does when all went well.

verdict: error
says: Your code raised SystemExit: 0
"""

import sys


def parallel_map(function, items, workers):
    try:
        raise KeyboardInterrupt
    finally:
        sys.exit(0)
