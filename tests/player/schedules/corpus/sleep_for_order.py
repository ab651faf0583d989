"""early sleep: a sleep is taken for a join."""

import threading
import time


def scenario():
    done = []
    thread = threading.Thread(target=lambda: done.append(1))
    thread.start()
    time.sleep(0.1)
    assert done
    thread.join()
