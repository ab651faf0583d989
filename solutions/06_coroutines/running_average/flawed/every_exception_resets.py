"""Catches Exception instead of Reset: the caller's own errors vanish.

caught_by: test_other_exceptions_come_out
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
        except Exception:
            count, mean = 0, 0.0
        else:
            if number is None:
                return count, mean if count else None
            count += 1
            mean += (number - mean) / count
