"""deadlock: philosophers all take the left fork first."""

import threading

from grader.player.schedules import together


class Table:
    def __init__(self, seats):
        self.forks = [threading.Lock() for _ in range(seats)]

    def dine(self, seat):
        with self.forks[seat], self.forks[(seat + 1) % len(self.forks)]:
            pass


def scenario():
    table = Table(3)
    together(*(lambda seat=seat: table.dine(seat) for seat in range(3)))
