"""스레드 하나로 여러 손님을 받는 줄 단위 서버 (과제 7)"""

import selectors
from selectors import EVENT_READ, EVENT_WRITE

LIMIT = 64 * 1024


class 연결:
    """손님 한 명: 아직 처리하지 않은 글자와 아직 보내지 못한 글자"""

    def __init__(self, sock):
        self.sock = sock
        self.inbuf = bytearray()
        self.outbuf = bytearray()
        self.eof = False


def echo(line: bytes) -> bytes:
    return line


def serve(listener, stop, handle=echo):
    sel = selectors.DefaultSelector()
    listener.setblocking(False)
    sel.register(listener, EVENT_READ, "listener")
    sel.register(stop, EVENT_READ, "stop")
    conns = {}

    def close(conn):
        sel.unregister(conn.sock)
        conn.sock.close()
        conns.pop(conn.sock)

    def step(conn, mask):
        if mask & EVENT_READ:
            try:
                data = conn.sock.recv(16384)
            except BlockingIOError:
                return
            if data:
                conn.inbuf.extend(data)
            else:
                conn.eof = True
        # 답을 조금 보내면 다음 줄을 처리할 자리가 생긴다 -> 더 나아갈 수 없을 때까지 되풀이
        progress = True
        while progress:
            progress = False
            while len(conn.outbuf) <= LIMIT:  # 답을 읽지 않는 손님의 줄은 더 읽지 않는다
                i = conn.inbuf.find(b"\n")
                if i > LIMIT or (i == -1 and len(conn.inbuf) > LIMIT):
                    raise ValueError("line too long")
                if i == -1:
                    break
                line = bytes(conn.inbuf[:i])
                del conn.inbuf[: i + 1]
                conn.outbuf += handle(line) + b"\n"
                progress = True
            if conn.outbuf:
                try:
                    n = conn.sock.send(conn.outbuf)
                except BlockingIOError:
                    break
                del conn.outbuf[:n]
                progress = progress or n > 0
        if conn.outbuf:
            sel.modify(conn.sock, EVENT_WRITE, conn)
        elif conn.eof:
            close(conn)
        else:
            sel.modify(conn.sock, EVENT_READ, conn)

    try:
        while True:
            events = sel.select()
            if any(key.data == "stop" for key, _ in events):
                return
            for key, mask in events:
                if key.data == "listener":
                    try:
                        sock, _ = listener.accept()
                    except OSError:
                        continue
                    sock.setblocking(False)
                    conns[sock] = 연결(sock)
                    sel.register(sock, EVENT_READ, conns[sock])
                else:
                    try:
                        step(key.data, mask)
                    except Exception:
                        close(key.data)
    finally:
        sel.close()
        for sock in conns:
            sock.close()
