"""Drives `serve` inside the sandbox. Its clients are the judge's."""

from socket import socket

from grader.player.callbacks import Callback
from grader.player.network import accept_stop, listener

_number = socket.fileno
_accepted = []


class Listener(socket):
    """What it accepts is kept, so that a connection is closed only by whoever closes it."""

    def __init__(self):
        super().__init__(fileno=listener().detach())
        _accepted.clear()

    def accept(self):
        connection, address = super().accept()
        _accepted.append(connection)
        return connection, address


def echo(student):
    stop = accept_stop()
    return student.serve(Listener(), stop)


def serve(student):
    stop = accept_stop()
    return student.serve(Listener(), stop, Callback("handle"))


def serve_plan(student):
    """With a handle of the harness's own: lines may be longer than a callback is told."""
    stop = accept_stop()
    return student.serve(Listener(), stop, handled)


def handled(line):
    """The same as in the suite."""
    if b"bad" in line:
        raise ValueError("bad")
    return line * (40_000 // len(line)) if b"big" in line else b"<" + line[::-1] + b">"


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
    return {"raised": raised, "open": [_number(own) >= 0, _number(stop) >= 0]}
