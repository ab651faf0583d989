"""Fetch many pages in one thread, with a limited number of requests at once."""

from collections.abc import Iterable

Address = tuple[str, int]


def fetch_all(addresses: Iterable[Address], limit: int, timeout: float | None = None) -> list[bytes | Exception]:
    """Request the page of every address, `limit` at a time, and return the pages in the order of the addresses.

    A request connects, sends the line b"GET\\n", and reads until the server closes the connection. If it fails, the
    exception stands in the place of the page; if it takes longer than `timeout` seconds, a TimeoutError does. An
    address that occurs several times is asked once.

    Raises ValueError if `limit` is less than 1.
    """
    raise NotImplementedError
