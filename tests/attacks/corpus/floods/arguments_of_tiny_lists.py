"""Has the judge keep thousands of calls, each of which is short as text and large as what it stands for.

verdict: error
says: arguments take more than
"""

import socket
import struct

EMPTY_LIST, EMPTY_DICT = b"[]", b'{"$":"dict","v":[]}'


def request(tiny):
    many = b",".join([tiny] * (60_000 // (len(tiny) + 1)))
    body = b'{"name":"function","thread":1,"task":"","args":[%s]}' % many
    return struct.pack(">I", len(body)) + body


def parallel_map(function, items, workers):
    requests = [request(EMPTY_LIST), request(EMPTY_DICT)]
    for number in range(9000):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(function.path)
            connection.sendall(requests[number % 2])
            connection.recv(1)
    return []
