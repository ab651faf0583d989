"""As many workers as allowed take addresses from one list; each wait for a socket gets what is left of the time."""

import time
from collections.abc import Callable, Iterable

import gevent
from gevent import socket

Address = tuple[str, int]


def fetch_all(addresses: Iterable[Address], limit: int, timeout: float | None = None) -> list[bytes | Exception]:
    """Request the page of every address, `limit` at a time, and return the pages in the order of the addresses."""
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    addresses = list(addresses)
    waiting = list(dict.fromkeys(addresses))
    pages: dict[Address, bytes | Exception] = {}

    def work() -> None:
        while waiting:
            address = waiting.pop()
            try:
                pages[address] = page(address, time_left(timeout))
            except Exception as error:
                pages[address] = error

    gevent.joinall([gevent.spawn(work) for _ in range(min(limit, len(waiting)))])
    return [pages[address] for address in addresses]


def time_left(timeout: float | None) -> Callable[[], float | None]:
    """What is left of so many seconds from now on."""
    if timeout is None:
        return lambda: None
    end = time.monotonic() + timeout

    def left() -> float:
        if (seconds := end - time.monotonic()) <= 0:
            raise TimeoutError("the time is over")
        return seconds

    return left


def page(address: Address, left: Callable[[], float | None]) -> bytes:
    content = bytearray()
    with socket.socket() as connection:
        connection.settimeout(left())
        connection.connect(address)
        connection.sendall(b"GET\n")
        while True:
            connection.settimeout(left())
            piece = connection.recv(4096)
            if not piece:
                return bytes(content)
            content += piece
