import selectors


def echo(line):
    return line


def serve(listener, stop, handle=echo):
    sel = selectors.DefaultSelector()
    sel.register(listener, selectors.EVENT_READ)
    sel.register(stop, selectors.EVENT_READ)
    buffers = {}

    def drop(conn):
        sel.unregister(conn)
        conn.close()
        del buffers[conn]

    while True:
        for key, mask in sel.select():
            conn = key.fileobj
            if conn is stop:
                for c in list(buffers):
                    drop(c)
                sel.close()
                return
            if conn is listener:
                c, _ = listener.accept()
                buffers[c] = b""
                sel.register(c, selectors.EVENT_READ)
                continue
            try:
                data = conn.recv(4096)
                if not data:
                    drop(conn)
                    continue
                buffers[conn] += data
                while b"\n" in buffers[conn]:
                    line, buffers[conn] = buffers[conn].split(b"\n", 1)
                    if len(line) > 65536:
                        raise ValueError("line too long")
                    conn.sendall(handle(line) + b"\n")
                if len(buffers[conn]) > 65536:
                    raise ValueError("line too long")
            except Exception:
                drop(conn)
