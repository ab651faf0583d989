"""race: the threads are started by `_thread`."""

import _thread
import threading

count = 0


def add(ended):
    global count
    count += 1
    ended.release()


def scenario():
    ended = threading.Semaphore(0)
    for _ in range(2):
        _thread.start_new_thread(add, (ended,))
    ended.acquire()
    ended.acquire()
    assert count == 2
