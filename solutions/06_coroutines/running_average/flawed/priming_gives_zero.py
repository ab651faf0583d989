"""Hands out 0.0 as the mean of no numbers.

caught_by: test_priming
verdict: fail
"""

from collections.abc import Generator


class Reset(Exception):
    pass


def running_average() -> Generator[float | None, float | None, tuple[int, float | None]]:
    count, mean = 0, 0.0
    while True:
        try:
            number = yield mean
        except Reset:
            count, mean = 0, None
        else:
            if number is None:
                return count, mean if count else None
            count += 1
            mean = mean or 0.0
            mean += (number - mean) / count
