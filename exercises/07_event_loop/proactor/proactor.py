"""Operations on sockets that tell when they are done: a proactor. The rules are in README.md."""

from concurrent.futures import Future
from socket import socket
from typing import Any


class Proactor:
    """Carries out operations on sockets, many at once, in the one thread that calls `run_until`."""

    def recv(self, sock: socket, n: int) -> Future[bytes]:
        """Ask for the next bytes that come, at most `n`; for b"" if the stream has ended. Returns at once.

        Raises ValueError if `n` is less than 1.
        """
        raise NotImplementedError

    def send(self, sock: socket, data: bytes) -> Future[int]:
        """Ask for all of `data` to be sent; the result is its length. Returns at once."""
        raise NotImplementedError

    def run_until(self, future: Future[Any]) -> Any:
        """Carry out what has been asked for until `future` is done; return its result, or raise its exception.

        Raises RuntimeError if nothing is left to carry out and `future` is not done.
        """
        raise NotImplementedError
