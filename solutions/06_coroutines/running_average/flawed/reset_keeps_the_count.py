"""Forgets the mean and keeps the count: the new numbers weigh too little.

caught_by: test_reset_starts_afresh
verdict: fail
"""

from collections.abc import Generator


class Reset(Exception):
    pass


def running_average() -> Generator[float | None, float | None, tuple[int, float | None]]:
    count, mean = 0, None
    while True:
        try:
            number = yield mean
        except Reset:
            mean = None
        else:
            if number is None:
                return count if mean is not None else 0, mean
            count += 1
            mean = (mean or 0.0) + (number - (mean or 0.0)) / count
