"""The `try` stands around the whole loop: the second reset finds nobody who catches it.

caught_by: test_reset_starts_afresh
verdict: fail
"""

from collections.abc import Generator


class Reset(Exception):
    pass


def running_average() -> Generator[float | None, float | None, tuple[int, float | None]]:
    try:
        return (yield from _averages())
    except Reset:
        return (yield from _averages())


def _averages():
    count, mean = 0, 0.0
    while (number := (yield mean if count else None)) is not None:
        count += 1
        mean += (number - mean) / count
    return count, mean if count else None
