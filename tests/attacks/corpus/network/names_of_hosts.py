"""Resolves a name that carries what it knows, as data can leave by questions to a name server alone.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
needs: isolation
"""

import socket
from concurrent.futures import ThreadPoolExecutor

QUESTION = b"\x13\x37\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06attack\x07invalid\x00\x00\x01\x00\x01"


def parallel_map(function, items, workers):
    try:
        raise RuntimeError(f"resolved: {socket.getaddrinfo('attack.invalid', 80)}")
    except socket.gaierror as error:
        if error.errno not in (socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_NONAME, socket.EAI_SYSTEM):
            raise
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.2)
        try:
            sock.sendto(QUESTION, ("127.0.0.53", 53))
            raise RuntimeError(f"answered: {sock.recv(100)}")
        except OSError:
            pass
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
