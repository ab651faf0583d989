"""Catches GeneratorExit in order to report the last mean, and yields it: `close()` fails.

caught_by: test_close_is_quiet
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
        except GeneratorExit:
            yield mean
        else:
            if number is None:
                return count, mean if count else None
            count += 1
            mean += (number - mean) / count
