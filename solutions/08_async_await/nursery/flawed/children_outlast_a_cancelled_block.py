"""A cancelled block waits for its children but does not cancel them.

caught_by: test_cancelling_from_outside
verdict: fail
"""

import asyncio
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self


class Nursery:
    """An async context manager whose block ends when all the children have ended that were started in it.

    Every child reports its end to `_ended`, in whatever state the block is; so a failure is noticed when it happens.
    """

    def __init__(self) -> None:
        self._owner: asyncio.Task[Any] | None = None  # the task that runs the block, while it is open
        self._children: set[asyncio.Task[Any]] = set()  # those that have not ended
        self._errors: list[BaseException] = []
        self._in_body = False
        self._body_cancelled = False
        self._shutting_down = False

    async def __aenter__(self) -> Self:
        self._owner = asyncio.current_task()
        self._in_body = True
        return self

    def start_soon(self, fn: Callable[..., Coroutine[Any, Any, object]], *args: Any) -> None:
        """Start `fn(*args)` as a child, without waiting for it."""
        if self._owner is None:
            raise RuntimeError("start_soon is for use within the block of the nursery")
        child = asyncio.create_task(fn(*args))
        self._children.add(child)
        child.add_done_callback(self._ended)
        if self._shutting_down:
            child.cancel()

    def _ended(self, child: asyncio.Task[Any]) -> None:
        self._children.remove(child)
        if not child.cancelled() and (error := child.exception()):
            self._errors.append(error)
            self._shut_down()

    def _shut_down(self) -> None:
        """Cancel everybody, once."""
        if self._shutting_down:
            return
        self._shutting_down = True
        for child in self._children:
            child.cancel()
        if self._in_body and self._owner:
            self._body_cancelled = True
            self._owner.cancel()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._in_body = False
        if self._body_cancelled and self._owner:
            self._owner.uncancel()
        if isinstance(error, Exception):
            self._shut_down()
        if error is not None:
            if not isinstance(error, asyncio.CancelledError):
                self._errors.append(error)
        cancellation = await self._wait_for_children()
        self._owner = None
        if self._errors:  # also where the body was cancelled because of them
            raise BaseExceptionGroup("errors in a nursery", self._errors) from None
        if cancellation:
            raise cancellation

    async def _wait_for_children(self) -> asyncio.CancelledError | None:
        """Wait until there are none, and return the cancellation that came meanwhile, if one did."""
        cancellation = None
        while self._children:
            try:
                await asyncio.wait(self._children)  # cancels nobody when it is cancelled
            except asyncio.CancelledError as outside:
                cancellation = outside
                self._shut_down()
        return cancellation
