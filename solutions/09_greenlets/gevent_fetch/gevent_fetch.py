"""Fetch many pages in one thread, with a limited number of requests at once."""

from collections.abc import Iterable

from gevent import Timeout, socket
from gevent.pool import Pool

Address = tuple[str, int]

REQUEST = b"GET\n"
PIECE = 65536


def fetch_all(addresses: Iterable[Address], limit: int, timeout: float | None = None) -> list[bytes | Exception]:
    """Request the page of every address, `limit` at a time, and return the pages in the order of the addresses."""
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")

    def outcome(address: Address) -> bytes | Exception:
        try:
            with Timeout(timeout, TimeoutError(f"no page of {address} within {timeout} seconds")):
                return _page(address)
        except Exception as error:
            return error

    addresses = list(addresses)
    distinct = list(dict.fromkeys(addresses))
    pages = dict(zip(distinct, Pool(limit).map(outcome, distinct), strict=True))
    return [pages[address] for address in addresses]


def _page(address: Address) -> bytes:
    with socket.socket() as connection:
        connection.connect(address)
        connection.sendall(REQUEST)
        return b"".join(iter(lambda: connection.recv(PIECE), b""))
