"""A bare `except:` takes GeneratorExit for a reset too: `close()` fails.

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
        except:
            count, mean = 0, 0.0
        else:
            if number is None:
                return count, mean if count else None
            count += 1
            mean += (number - mean) / count
