"""Matches a regular expression that takes for ever and holds the interpreter's lock all the while.

verdict: timeout
says: was still computing after
"""

import re
import threading


def parallel_map(function, items, workers):
    threading.Thread(target=re.match, args=(r"(a+)+$", "a" * 64 + "b"), daemon=True).start()
    return [function(item) for item in items]
