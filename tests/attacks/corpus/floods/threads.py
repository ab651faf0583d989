"""Starts threads until the kernel refuses one more, and keeps them all.

verdict: error
says: Your code raised RuntimeError: can't start new thread
"""

import threading

forever = threading.Event()


def parallel_map(function, items, workers):
    while True:
        threading.Thread(target=forever.wait, daemon=True).start()
