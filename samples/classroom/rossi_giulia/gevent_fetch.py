import socket
from gevent.pool import Pool


def fetch(address):
    try:
        sock = socket.create_connection(address)
        sock.sendall(b"GET\n")
        data = sock.recv(65536)
        sock.close()
        return data
    except OSError as error:
        return error


def fetch_all(addresses, limit, timeout=None):
    return Pool(limit).map(fetch, addresses)
