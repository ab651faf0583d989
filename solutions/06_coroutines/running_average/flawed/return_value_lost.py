"""Leaves the loop with `break`: the count and the mean are lost.

caught_by: test_final_count_and_mean
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
            if number is None:
                break
            count += 1
            mean += (number - mean) / count
