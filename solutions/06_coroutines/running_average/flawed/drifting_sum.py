"""Divides a plain float total by the count: what each addition loses adds up.

caught_by: test_accuracy_over_many_numbers
verdict: fail
"""

from collections.abc import Generator


class Reset(Exception):
    pass


def running_average() -> Generator[float | None, float | None, tuple[int, float | None]]:
    count, total = 0, 0.0
    while True:
        try:
            number = yield total / count if count else None
        except Reset:
            count, total = 0, 0.0
        else:
            if number is None:
                return count, total / count if count else None
            count += 1
            total += number
