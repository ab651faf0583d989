"""right: looked at again under the lock."""

import threading

from grader.player.schedules import together


class Lazy:
    def __init__(self, make):
        self.make = make
        self.lock = threading.Lock()
        self.made = None

    def get(self):
        if self.made is None:
            with self.lock:
                if self.made is None:
                    self.made = self.make()
        return self.made


def scenario():
    calls = []
    lazy = Lazy(lambda: calls.append(1) or object())
    together(lazy.get, lazy.get, lazy.get)
    assert len(calls) == 1
