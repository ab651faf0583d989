"""Ends its main thread alone, by the bare system call: the process lives on without it, half a zombie.

verdict: deadlock timeout
"""

import ctypes
import os
import threading

EXIT_NUMBER = 93 if os.uname().machine == "aarch64" else 60


def parallel_map(function, items, workers):
    threading.Thread(target=threading.Event().wait).start()
    ctypes.CDLL(None).syscall(EXIT_NUMBER, 0)
