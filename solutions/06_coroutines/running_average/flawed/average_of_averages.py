"""Takes the middle between the old mean and the new number: later numbers weigh more.

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
            if number is None:
                return count, mean if count else None
            count += 1
            mean = (mean + number) / 2 if count > 1 else float(number)
