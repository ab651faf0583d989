"""Ends with the exit status that a shell shows for SIGXCPU: no processor time was used up, and no signal was sent.

verdict: crash
says: ended the whole process (exit status 152) during the call
"""

import os
import signal


def parallel_map(function, items, workers):
    os._exit(128 + signal.SIGXCPU)
