"""Opens more connections than calls may be open at once, in several processes, and says nothing on any of them.

verdict: error
says: more than 512 calls open at once
"""

import os
import socket
import threading


def hold(path):
    connections = []
    for _ in range(200):
        connections.append(socket.socket(socket.AF_UNIX))
        connections[-1].connect(path)
    threading.Event().wait()


def parallel_map(function, items, workers):
    for _ in range(4):
        if os.fork() == 0:
            hold(function.path)
    threading.Event().wait()
