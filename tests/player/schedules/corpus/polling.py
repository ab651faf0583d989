"""right, if not nice: polls with a sleep."""

import threading
import time


def scenario():
    done = []
    thread = threading.Thread(target=lambda: done.append(1))
    thread.start()
    while not done:
        time.sleep(0.01)
    thread.join()
