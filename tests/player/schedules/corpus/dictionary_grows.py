"""race: a dictionary grows while it is gone through."""

from grader.player.schedules import together


class Prices:
    def __init__(self):
        self.prices = {"a": 1, "b": 2}

    def add(self, name):
        self.prices[name] = 1

    def total(self):
        total = 0
        for name in self.prices:
            total += self.prices[name]
        return total


def scenario():
    prices = Prices()
    together(lambda: prices.add("c"), prices.total)
