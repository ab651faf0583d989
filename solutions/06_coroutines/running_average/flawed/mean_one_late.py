"""Answers each number with the mean of those before it.

caught_by: test_mean_after_every_number
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
            count, mean, answer = 0, 0.0, None
        else:
            if number is None:
                return count, mean if count else None
            answer = mean
            count += 1
            mean += (number - mean) / count
