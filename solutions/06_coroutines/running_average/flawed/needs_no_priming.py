"""An object with a `send` method that takes a number at once, as no generator does.

caught_by: test_priming
verdict: fail
"""

from collections.abc import Generator


class Reset(Exception):
    pass


class RunningAverage(Generator):
    def __init__(self):
        self.count, self.mean, self.silent, self.ended = 0, 0.0, True, False

    def send(self, number):
        if self.ended:
            raise StopIteration
        if number is None and self.silent:
            self.silent = False
            return None
        self.silent = False
        if number is None:
            self.ended = True
            raise StopIteration((self.count, self.mean if self.count else None))
        self.count += 1
        self.mean += (number - self.mean) / self.count
        return self.mean

    def throw(self, typ, val=None, tb=None):
        error = typ() if isinstance(typ, type) else typ
        if isinstance(error, Reset) and not self.ended:
            self.count, self.mean = 0, 0.0
            return None
        self.ended = True
        raise error


def running_average() -> Generator[float | None, float | None, tuple[int, float | None]]:
    return RunningAverage()
