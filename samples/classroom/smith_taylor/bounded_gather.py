"""`asyncio.gather` with a limit."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def bounded_gather(factories: Iterable[Callable[[], Awaitable[T]]], limit: int) -> list[T]:
    """Await what every factory returns, at most `limit` at a time, and return the results in input order.

    A factory is called only when there is room for it: never are there more than `limit` factories that have
    been called and whose awaitable has not finished. They are called in input order.

    The first error cancels the others, waits until they have finished cleaning up, and is raised as it is.
    Cancelling the call does the same and raises CancelledError. Every task started here has ended when the
    call ends.

    Raises ValueError if `limit` is less than 1.
    """
    raise NotImplementedError
