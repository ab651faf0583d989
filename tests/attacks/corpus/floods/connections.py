"""Connects to the judge and hangs up, again and again: never a call, so never one too many.

verdict: timeout error
"""

import os
import socket

from grader.player import callbacks


def parallel_map(function, items, workers):
    os.fork()
    while True:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(callbacks._path)
