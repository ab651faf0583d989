"""`yield from` a generator that knows nothing of resets, and take a new one for each."""

from collections.abc import Generator

Average = Generator[float | None, float | None, tuple[int, float | None]]


class Reset(Exception):  # noqa: N818 - a request, not an error
    """Thrown into the coroutine to make it start afresh."""


def running_average() -> Average:
    """Answer every number sent with the mean of all numbers sent so far."""
    while True:
        try:
            return (yield from _average_without_reset())
        except Reset:
            continue


def _average_without_reset() -> Average:
    count, mean = 0, None
    while (number := (yield mean)) is not None:
        count += 1
        mean = float(number) if mean is None else mean + (number - mean) / count
    return count, mean
