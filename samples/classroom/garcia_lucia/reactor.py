# Lucía García - Homework 7
# reactor

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

    def accept_all():
        while True:
            conn, addr = listener.accept()
            threading.Thread(target=talk, args=(conn,), daemon=True).start()

    threading.Thread(target=accept_all, daemon=True).start()
    stop.recv(1)    # wait until somebody says stop
