"""Answers the reset with the mean it has just forgotten.

caught_by: test_reset_starts_afresh
verdict: fail
"""

from collections.abc import Generator


class Reset(Exception):
    pass


def running_average() -> Generator[float | None, float | None, tuple[int, float | None]]:
    count, mean, answer = 0, 0.0, None
    while True:
        try:
            number = yield answer
        except Reset:
            count, mean = 0, 0.0
        else:
            if number is None:
                return count, mean if count else None
            count += 1
            mean += (number - mean) / count
            answer = mean
