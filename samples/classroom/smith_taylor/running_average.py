"""The mean of the numbers sent so far, as a generator-based coroutine."""

from collections.abc import Generator


class Reset(Exception):  # noqa: N818 - a request, not an error
    """Thrown into the coroutine to make it start afresh."""


def running_average() -> Generator[float | None, float | None, tuple[int, float | None]]:
    """Answer every number sent with the mean of all numbers sent so far.

    After priming (`next(average)`, which gives None):
    `send(number)` gives the mean of the numbers sent since the start or the last reset;
    `throw(Reset)` forgets them all and gives None;
    `send(None)` ends the coroutine, which returns `(count, mean)`, or `(0, None)` if there were no numbers.

    Every other exception thrown in ends the coroutine and comes out again. What is kept does not grow with
    the count.
    """
    raise NotImplementedError
