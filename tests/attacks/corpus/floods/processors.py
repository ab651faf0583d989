"""Computes in many processes that leave their parent at once, so that nobody who waits for it hears of their time.

verdict: timeout
says: was still computing after
needs: isolation
"""

import os
import signal


def parallel_map(function, items, workers):
    if os.fork() == 0:
        for _ in range(15):
            if os.fork() == 0:
                os.setsid()
                while True:
                    pass
        os._exit(0)
    signal.pause()
