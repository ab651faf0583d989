"""Adds up all the numbers again for each new one: the work grows with the count.

caught_by: test_accuracy_over_many_numbers
verdict: timeout
"""

import math
from collections.abc import Generator


class Reset(Exception):
    pass


def running_average() -> Generator[float | None, float | None, tuple[int, float | None]]:
    numbers = []
    while True:
        mean = math.fsum(numbers) / len(numbers) if numbers else None
        try:
            number = yield mean
        except Reset:
            numbers = []
            continue
        if number is None:
            return len(numbers), mean
        numbers.append(number)
