"""No generator function: an object with the methods of a generator and its state in attributes."""

from collections.abc import Generator


class Reset(Exception):  # noqa: N818 - a request, not an error
    """Thrown into the coroutine to make it start afresh."""


class _RunningAverage(Generator[float | None, float | None, tuple[int, float | None]]):
    def __init__(self) -> None:
        self._primed = False
        self._ended = False
        self._forget()

    def send(self, value: float | None) -> float | None:
        if self._ended:
            raise StopIteration
        if not self._primed:
            return self._prime(value)
        if value is None:
            self._ended = True
            raise StopIteration((self._count, self._mean))
        self._count += 1
        mean = self._mean or 0.0
        self._mean = mean + (value - mean) / self._count
        return self._mean

    def throw(self, typ, val=None, tb=None) -> None:  # type: ignore[no-untyped-def, override]
        error = typ() if isinstance(typ, type) else typ
        if self._primed and not self._ended and isinstance(error, Reset):
            self._forget()
            return
        self._ended = True
        raise error

    def _prime(self, value: float | None) -> None:
        if value is not None:
            raise TypeError("the first value sent must be None")
        self._primed = True

    def _forget(self) -> None:
        self._count = 0
        self._mean: float | None = None


def running_average() -> Generator[float | None, float | None, tuple[int, float | None]]:
    """Answer every number sent with the mean of all numbers sent so far."""
    return _RunningAverage()
