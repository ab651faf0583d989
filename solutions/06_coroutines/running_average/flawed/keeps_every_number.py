"""Keeps all numbers in a list, only to know how many there were.

caught_by: test_memory_stays_constant
verdict: fail
"""

from collections.abc import Generator


class Reset(Exception):
    pass


def running_average() -> Generator[float | None, float | None, tuple[int, float | None]]:
    numbers, mean = [], 0.0
    while True:
        try:
            number = yield mean if numbers else None
        except Reset:
            numbers, mean = [], 0.0
        else:
            if number is None:
                return len(numbers), mean if numbers else None
            numbers.append(number)
            mean += (number - mean) / len(numbers)
