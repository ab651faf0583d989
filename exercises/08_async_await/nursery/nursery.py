"""A nursery: no task outlives the block that it was started in. The rules are in README.md."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self


class Nursery:
    """An async context manager whose block ends when all the children have ended that were started in it.

    async with Nursery() as nursery:
        nursery.start_soon(fn, *args)

    A child that fails cancels the others and the body of the block. When all have ended, the block raises an
    ExceptionGroup of everything that was raised.
    """

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    def start_soon(self, fn: Callable[..., Awaitable[object]], *args: Any) -> None:
        """Start `fn(*args)` as a child, without waiting for it.

        If the nursery is shutting down, the child is cancelled like the others. Raises RuntimeError before the
        block has begun and after it has ended.
        """
        raise NotImplementedError

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        raise NotImplementedError
