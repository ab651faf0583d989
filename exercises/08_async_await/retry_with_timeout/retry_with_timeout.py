"""Try again, with a timeout for each try and exponential backoff."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def retry(op: Callable[[], Awaitable[T]], attempts: int, timeout: float, backoff: float) -> T:
    """Return what the first successful `await op()` returns, after at most `attempts` tries.

    A try fails if it raises an Exception, or if it has not ended after `timeout` seconds: then it is cancelled, and
    the call goes on when it has cleaned up. After the first failed try the call waits `backoff` seconds, and after
    each one that follows twice as long as the time before. After the last one it raises that try's exception.

    CancelledError, and whatever else is not an Exception, is never retried.

    Raises ValueError if `attempts` is less than 1.
    """
    raise NotImplementedError
