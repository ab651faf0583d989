import gevent
from gevent import socket
from gevent.pool import Pool


def ask(address, timeout):
    try:
        with gevent.Timeout(timeout, TimeoutError("too slow")), socket.socket() as s:
            s.connect(address)
            s.sendall(b"GET\n")
            page = b""
            while data := s.recv(8192):
                page += data
            return page
    except OSError as e:
        return e


def fetch_all(addresses, limit, timeout=None):
    if limit < 1:
        raise ValueError("limit < 1")
    addresses = list(addresses)
    distinct = list(dict.fromkeys(addresses))
    pages = dict(zip(distinct, Pool(limit).map(lambda a: ask(a, timeout), distinct)))
    return [pages[a] for a in addresses]
