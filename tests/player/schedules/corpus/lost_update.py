"""race: two threads add to a number without a lock."""

from grader.player.schedules import together


class Counter:
    def __init__(self):
        self.value = 0

    def add(self):
        self.value += 1


def scenario():
    counter = Counter()
    together(counter.add, counter.add)
    assert counter.value == 2
