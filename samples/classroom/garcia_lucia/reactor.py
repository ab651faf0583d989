# Lucía García - Homework 7
# reactor

import select
import threading


def serve(listener, stop, handle=lambda line: line):
    # one thread per client, so nobody has to wait
    def talk(conn):
        with conn:
            f = conn.makefile("rb")
            for line in f:
                if not line.endswith(b"\n"):
                    break
                try:
                    conn.sendall(handle(line[:-1]) + b"\n")
                except Exception:
                    break

    while True:
        ready, _, _ = select.select([listener, stop], [], [])
        if stop in ready:
            return
        conn, addr = listener.accept()
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
