"""Sends itself the signal by which the kernel ends what has used up its processor time, though it used none.

verdict: crash
says: ended by signal SIGXCPU during the call
"""

import os
import signal


def parallel_map(function, items, workers):
    os.kill(os.getpid(), signal.SIGXCPU)
    return []
