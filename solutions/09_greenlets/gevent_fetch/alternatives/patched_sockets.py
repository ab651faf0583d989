"""Python's own sockets, patched; a greenlet for each address, which waits for its turn at a semaphore."""

from gevent import monkey

monkey.patch_all()

import socket
from collections.abc import Iterable

import gevent
from gevent.lock import Semaphore

Address = tuple[str, int]


def fetch_all(addresses: Iterable[Address], limit: int, timeout: float | None = None) -> list[bytes | Exception]:
    """Request the page of every address, `limit` at a time, and return the pages in the order of the addresses."""
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    turn = Semaphore(limit)

    def outcome(address: Address) -> bytes | Exception:
        with turn:
            try:
                with gevent.Timeout(timeout):
                    return page(address)
            except gevent.Timeout:
                return TimeoutError(f"no page of {address}")
            except OSError as error:
                return error

    addresses = list(addresses)
    greenlets = {address: gevent.spawn(outcome, address) for address in set(addresses)}
    return [greenlets[address].get() for address in addresses]


def page(address: Address) -> bytes:
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET\n")
        with connection.makefile("rb") as file:
            return file.read()
