"""right: a lock around reading and writing."""

import threading

from grader.player.schedules import together


class Counter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def add(self):
        with self.lock:
            self.value += 1


def scenario():
    counter = Counter()
    together(counter.add, counter.add)
    assert counter.value == 2
