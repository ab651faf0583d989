"""deadlock: one condition for two kinds of waiters, and `notify` wakes the wrong kind."""

import threading

from grader.player.schedules import together


class Box:
    def __init__(self):
        self.items = []
        self.changed = threading.Condition()

    def put(self, item):
        with self.changed:
            while self.items:
                self.changed.wait()
            self.items.append(item)
            self.changed.notify()

    def get(self):
        with self.changed:
            while not self.items:
                self.changed.wait()
            item = self.items.pop()
            self.changed.notify()
            return item


def scenario():
    box = Box()
    puts = [lambda n=n: box.put(n) for n in range(3)]
    together(*puts, box.get, box.get, box.get)
