import gevent
from gevent import socket
from gevent.pool import Pool

# 느린 서버 때문에 멈추지 않도록 joinall에 timeout을 준다
def get(address):
    s = socket.socket()
    s.connect(address)
    s.send(b"GET\n")
    out = b""
    while 1:
        d = s.recv(4096)
        if not d: break
        out += d
    return out

def fetch_all(addresses, limit, timeout=None):
    if limit < 1:
        raise ValueError("limit must be positive")
    addresses = list(addresses)
    pool = Pool(limit)
    jobs = {a: pool.spawn(get, a) for a in set(addresses)}
    gevent.joinall(list(jobs.values()), timeout=timeout)
    res = []
    for a in addresses:
        j = jobs[a]
        if j.successful():
            res.append(j.value)
        else:
            res.append(j.exception or TimeoutError("too slow"))
    return res
