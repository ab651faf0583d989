"""Calls one after another, each in the name of another thread and task, beside as many threads that do nothing.

verdict: fail
earns: test_results test_leaves_nothing
says: 3 calls at once
"""

import socket
import threading

from grader.player import wire


def call(path, item, thread):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(path)
        request = {"name": "function", "args": [item], "thread": 1000 + thread, "task": f"worker-{thread}"}
        sock.sendall(wire.frame(request))
        return wire.receive(sock)["value"]


def parallel_map(function, items, workers):
    done = threading.Event()
    idle = [threading.Thread(target=done.wait) for _ in range(workers)]
    for thread in idle:
        thread.start()
    results = [call(function.path, item, number % workers) for number, item in enumerate(items)]
    done.set()
    for thread in idle:
        thread.join()
    return results
