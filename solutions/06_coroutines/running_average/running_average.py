"""The mean of the numbers sent so far, as a generator-based coroutine."""

from collections.abc import Generator


class Reset(Exception):  # noqa: N818 - a request, not an error
    """Thrown into the coroutine to make it start afresh."""


def running_average() -> Generator[float | None, float | None, tuple[int, float | None]]:
    """Answer every number sent with the mean of all numbers sent so far.

    The mean moves towards each number by that number's share of the distance. A mean kept this way cannot
    leave the range of the numbers; a total divided by the count can.
    """
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
