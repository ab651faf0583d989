"""race: read and written under the lock, but not both at once."""

import threading

from grader.player.schedules import together


class Counter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def add(self):
        with self.lock:
            seen = self.value
        with self.lock:
            self.value = seen + 1


def scenario():
    counter = Counter()
    together(counter.add, counter.add)
    assert counter.value == 2
