"""A group that spawns the next request when one has ended; who waits for it gives each page its time and kills."""

from collections.abc import Iterable

import gevent
from gevent.event import AsyncResult
from gevent.pool import Pool
from gevent.socket import create_connection

Address = tuple[str, int]


class Fetch(gevent.Greenlet):
    """One request. Its value is the page."""

    def __init__(self, address: Address, timeout: float | None) -> None:
        super().__init__()
        self.address, self.timeout = address, timeout
        self.outcome: AsyncResult = AsyncResult()

    def _run(self) -> None:
        clock = gevent.Timeout.start_new(self.timeout)
        connection = None
        try:
            connection = create_connection(self.address)
            connection.sendall(b"GET\n")
            pieces = []
            while piece := connection.recv(1000):
                pieces.append(piece)
            self.outcome.set(b"".join(pieces))
        except gevent.Timeout as late:
            if late is not clock:
                raise
            self.outcome.set(TimeoutError(str(late)))
        except OSError as error:
            self.outcome.set(error.with_traceback(None))
        finally:
            clock.close()
            if connection is not None:
                connection.close()


def fetch_all(addresses: Iterable[Address], limit: int, timeout: float | None = None) -> list[bytes | Exception]:
    """Request the page of every address, `limit` at a time, and return the pages in the order of the addresses."""
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    fetches: dict[Address, Fetch] = {}
    pool = Pool(limit)
    order = []
    for address in addresses:
        order.append(address)
        if address not in fetches:
            fetches[address] = Fetch(address, timeout)
            pool.start(fetches[address])
    pool.join()
    return [fetches[address].outcome.get() for address in order]
