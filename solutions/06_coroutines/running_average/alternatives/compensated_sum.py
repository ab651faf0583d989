"""A total that remembers what each addition lost (Neumaier's summation)."""

from collections.abc import Generator


class Reset(Exception):  # noqa: N818 - a request, not an error
    """Thrown into the coroutine to make it start afresh."""


def running_average() -> Generator[float | None, float | None, tuple[int, float | None]]:
    """Answer every number sent with the mean of all numbers sent so far."""
    count, total, lost = 0, 0.0, 0.0
    while True:
        mean = (total + lost) / count if count else None
        try:
            number = yield mean
        except Reset:
            count, total, lost = 0, 0.0, 0.0
            continue
        if number is None:
            return count, mean
        count += 1
        large, small = (total, number) if abs(total) >= abs(number) else (number, total)
        total = large + small
        lost += (large - total) + small
