"""Asks whether the number is false instead of whether it is None: a zero ends the coroutine.

caught_by: test_mean_after_every_number
verdict: fail
"""

from collections.abc import Generator


class Reset(Exception):
    pass


def running_average() -> Generator[float | None, float | None, tuple[int, float | None]]:
    count, mean = 0, 0.0
    while True:
        try:
            number = yield mean if count else None
        except Reset:
            count, mean = 0, 0.0
        else:
            if not number:
                return count, mean if count else None
            count += 1
            mean += (number - mean) / count
