"""right: an object gives itself back under the lock when it goes."""

import threading

from grader.player.schedules import together


class Pool:
    def __init__(self):
        self.lock = threading.RLock()
        self.back = 0

    def give_back(self):
        with self.lock:
            self.back += 1


class Thing:
    def __init__(self, pool):
        self.pool = pool

    def __del__(self):
        self.pool.give_back()


def scenario():
    pool = Pool()

    def use():
        with pool.lock:
            thing = Thing(pool)
        del thing

    together(use, use)
    assert pool.back == 2
