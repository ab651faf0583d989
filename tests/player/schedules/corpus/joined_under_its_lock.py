"""deadlock: waits for the end of a thread while holding what it needs."""

import threading


def scenario():
    lock = threading.Lock()

    def work():
        with lock:
            pass

    thread = threading.Thread(target=work)
    with lock:
        thread.start()
        thread.join()
