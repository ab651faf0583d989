"""fetch_all with gevent: a fixed crew of greenlets, and one sheet of paper on which they write down what came.

There is no queue and no lock: nothing else runs between two blocking calls of a greenlet, so `next(todo)` is safe.
"""

import gevent
from gevent.socket import create_connection


def fetch_all(addresses, limit, timeout=None):
    if limit < 1:
        raise ValueError("at least one request at a time")
    addresses = list(addresses)
    todo = iter(set(addresses))
    sheet = {}

    def crew():
        for address in todo:
            sheet[address] = _outcome(address, timeout)

    members = [gevent.spawn(crew) for _ in range(min(limit, len(addresses)))]
    gevent.joinall(members, raise_error=True)
    return [sheet[address] for address in addresses]


def _outcome(address, timeout):
    alarm = gevent.Timeout.start_new(timeout)
    try:
        return _page(address)
    except gevent.Timeout as rang:
        if rang is not alarm:  # not ours: somebody else gives up on the caller
            raise
        return TimeoutError(f"{address} took longer than {timeout} s")
    except OSError as error:
        return error
    finally:
        alarm.close()


def _page(address):
    with create_connection(address) as connection:
        connection.sendall(b"GET\n")
        with connection.makefile("rb") as page:
            return page.read()
