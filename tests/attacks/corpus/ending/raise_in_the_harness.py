"""Leaves the handler of a signal behind that raises SystemExit(0) in the harness's own frames, and a thread that sends it.

verdict: crash
says: ended the whole process (exit status
"""

import signal
import threading

main = threading.get_ident()


def leave(number, frame):
    if frame.f_code.co_name in ("serve", "receive"):
        raise SystemExit(0)


def ask_again_and_again():
    while True:
        signal.pthread_kill(main, signal.SIGUSR2)


def parallel_map(function, items, workers):
    signal.signal(signal.SIGUSR2, leave)
    threading.Thread(target=ask_again_and_again, daemon=True).start()
    return []
