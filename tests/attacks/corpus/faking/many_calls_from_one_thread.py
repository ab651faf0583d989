"""One thread opens all calls by hand, under forged thread numbers, and then collects the answers.

Calls that overlap are what was asked for; whether threads, processes or an event loop make them overlap is nobody's
business, so this is no fake: it earns everything, and its forged numbers gain it nothing.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
"""

import socket

from grader.player import callbacks, wire


def call(item, thread):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(callbacks._path)
    connection.sendall(wire.frame({"name": "function", "args": [item], "thread": thread, "task": ""}))
    return connection


def parallel_map(function, items, workers):
    connections = [call(item, -(10**900) - number) for number, item in enumerate(items)]
    return [wire.receive(connection)["value"] for connection in connections]
