"""A rate limiter with two faces: one that waits and one that only asks."""


class RateLimiter:
    """Allows at most `rate` starts in any window of `per` seconds, wherever it begins.

    It is used either through `acquire` or through `try_acquire`, never both.

    Raises ValueError if `rate` is below 1 or `per` is not above 0.
    """

    def __init__(self, rate: int, per: float) -> None:
        raise NotImplementedError

    async def acquire(self) -> None:
        """Return when the caller may start: at the first possible moment, and in the order of the calls.

        Goes by the clock of the event loop. A call that is cancelled counts for nothing.
        """
        raise NotImplementedError

    def try_acquire(self) -> bool:
        """Say whether the caller may start now; if so, that is a start.

        Goes by the wall clock. If that is set back, starts made before still count, but none longer than `per`
        seconds after the first call that follows.
        """
        raise NotImplementedError
