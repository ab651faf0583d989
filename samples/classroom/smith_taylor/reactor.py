"""A line server in one thread: a reactor. The rules are in README.md."""

from collections.abc import Callable
from socket import socket


def echo(line: bytes) -> bytes:
    return line


def serve(listener: socket, stop: socket, handle: Callable[[bytes], bytes] = echo) -> None:
    """Answer each line of every client of `listener` by `handle(line)` and a newline, until `stop` is readable.

    All happens in the calling thread, and no client holds up another. At the end every connection to a client
    is closed; `listener` and `stop` are not.
    """
    raise NotImplementedError
