"""A thread ends the process while the main thread waits in a call of the function.

verdict: crash
says: ended the whole process (exit status 3) during the call
"""

import os
import threading


def parallel_map(function, items, workers):
    threading.Thread(target=os._exit, args=(3,)).start()
    threading.Event().wait()
