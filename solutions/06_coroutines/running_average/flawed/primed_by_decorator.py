"""A decorator has primed it already: the caller's `next` is taken for the end.

caught_by: test_priming
verdict: fail
"""

import functools
from collections.abc import Generator


class Reset(Exception):
    pass


def primed(function):
    @functools.wraps(function)
    def start(*args, **kwargs):
        generator = function(*args, **kwargs)
        next(generator)
        return generator

    return start


@primed
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
            mean += (number - mean) / count
