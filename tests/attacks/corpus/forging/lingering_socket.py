"""Sends the judge, over a call's connection, the last handle of a TCP socket that takes 20 seconds to be closed.

Who receives it without asking for it closes it; SO_LINGER makes that wait for the peer to read, which it never does.

verdict: deadlock error
"""

import array
import socket
import struct
import threading

from grader.player import wire


def parallel_map(function, items, workers):
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    peer, _ = server.accept()
    client.setblocking(False)
    try:
        while True:
            client.send(bytes(65536))
    except BlockingIOError:
        pass
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 20))
    busy, call = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    busy.connect(function.path)
    call.connect(function.path)
    # While the judge reads this, we close our handle: then its own is the last.
    busy.sendall(wire.frame({"name": "busy", "args": [[0] * 90_000], "thread": 1, "task": ""}))
    call.sendmsg([b"\0\0"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [client.fileno()]))])
    client.close()
    threading.Event().wait()
    return [peer]
