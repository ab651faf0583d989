"""Drives `serve` inside the sandbox. Its clients are the judge's."""

from socket import SO_SNDBUF, SOL_SOCKET, socket

from grader.player.callbacks import Callback
from grader.player.network import accept_stop, listener

_number, _set_option = socket.fileno, socket.setsockopt
_accepted = []
SIZES = {b"vast": 500_000, b"huge": 120_000, b"big": 40_000}


class Listener(socket):
    """What it accepts is kept, so that a connection is closed only by whoever closes it.

    `room`: for bytes that are sent; as little as the harness likes, or as much as a system usually has.
    """

    def __init__(self, room=0):
        super().__init__(fileno=listener().detach())
        self._room = room
        _accepted.clear()

    def accept(self):
        connection, address = super().accept()
        if self._room:
            _set_option(connection, SOL_SOCKET, SO_SNDBUF, self._room)
        _accepted.append(connection)
        return connection, address


def echo(student):
    stop = accept_stop()
    return student.serve(Listener(), stop)


def serve(student):
    stop = accept_stop()
    return student.serve(Listener(), stop, Callback("handle"))


def serve_sizes(student, room):
    """With a handle that is told how long each answer is."""
    stop, size = accept_stop(), Callback("handle")
    return student.serve(Listener(room), stop, lambda line: line.ljust(size(line), b"."))


def serve_plan(student, room):
    """With a handle of the harness's own: lines may be longer than a callback is told."""
    stop, busy = accept_stop(), Callback("busy")

    def handle(line):
        if line == b"busy":
            busy()
        return handled(line)

    return student.serve(Listener(room), stop, handle)


def handled(line):
    """The same as in the suite."""
    if b"bad" in line:
        raise ValueError("bad")
    size = next((size for word, size in SIZES.items() if word in line), 0)
    return line * (size // len(line)) if size else b"<" + line[::-1] + b">"


def serve_to_the_end(student):
    """Tells what has left `serve`, and whether the caller's sockets are open."""
    stop, own = accept_stop(), Listener()
    raised = ""
    try:
        student.serve(own, stop, Callback("handle"))
    except KeyboardInterrupt:
        raised = "KeyboardInterrupt"
    except SystemExit:
        raised = "SystemExit"
    except GeneratorExit:
        raised = "GeneratorExit"
    return {"raised": raised, "open": [_number(own) >= 0, _number(stop) >= 0]}
