"""Defines 60,000 names of the letters of the one that is asked for, each of which the judge compares with it.

verdict: error
says: does not define parallel_map
"""

import itertools

for letters in itertools.permutations("parallel_map"):
    globals()["".join(letters)] = None
    if len(globals()) > 60_000:
        break
del globals()["parallel_map"]
