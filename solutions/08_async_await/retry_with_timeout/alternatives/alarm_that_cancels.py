"""The event loop's own alarm cancels the try; a cancellation without it comes from outside."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def retry(op: Callable[[], Awaitable[T]], attempts: int, timeout: float, backoff: float) -> T:
    """Return what the first successful `await op()` returns, after at most `attempts` tries."""
    if attempts < 1:
        raise ValueError(f"attempts must be at least 1, not {attempts}")
    for wait in [*(backoff * 2**n for n in range(attempts - 1)), None]:
        attempt = asyncio.ensure_future(op())
        alarm = _Alarm(timeout, attempt)
        try:
            return await attempt
        except asyncio.CancelledError:
            if not alarm.rang:
                raise
            error: Exception = TimeoutError()
        except Exception as failure:
            error = failure
        finally:
            alarm.stop()
        if wait is None:
            raise error
        await asyncio.sleep(wait)
    raise AssertionError("the last pass returns or raises")


class _Alarm:
    """Cancels `what` after `seconds`, unless it is stopped before."""

    def __init__(self, seconds: float, what: asyncio.Future[T]) -> None:
        self.rang = False
        self._what = what
        self._timer = asyncio.get_running_loop().call_later(seconds, self._ring)

    def _ring(self) -> None:
        self.rang = self._what.cancel()

    def stop(self) -> None:
        self._timer.cancel()
