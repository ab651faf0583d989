"""A child kills the process that answers, so that only the child is left to blame.

verdict: crash
says: ended by signal SIGKILL during the call
"""

import os
import signal


def parallel_map(function, items, workers):
    main = os.getpid()
    if os.fork() == 0:
        os.kill(main, signal.SIGKILL)
        signal.pause()
    signal.pause()
