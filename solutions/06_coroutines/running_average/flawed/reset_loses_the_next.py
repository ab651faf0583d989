"""The `except` block has a `yield` of its own; the number sent next arrives there and is lost.

caught_by: test_reset_starts_afresh
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
            yield None
        else:
            if number is None:
                return count, mean if count else None
            count += 1
            mean += (number - mean) / count
