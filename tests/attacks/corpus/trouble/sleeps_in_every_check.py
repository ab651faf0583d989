"""Sleeps below the limit of each call, so that all calls together hold the worker as long as possible.

verdict: timeout
needs: the strongest rung
"""

import time


def parallel_map(function, items, workers):
    time.sleep(3600)
