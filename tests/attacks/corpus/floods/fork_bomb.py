"""Every process forks for as long as it can, and each child of it too, most of them orphaned on the way.

verdict: timeout
needs: isolation
"""

import os


def parallel_map(function, items, workers):
    while True:
        try:
            if os.fork() == 0 and os.fork():
                os._exit(0)  # the grandchild goes on as an orphan
        except OSError:
            continue
