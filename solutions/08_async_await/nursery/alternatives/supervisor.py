"""A task of its own supervises the others: it hears of starts and ends through a queue, and decides alone."""

import asyncio
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

Task = asyncio.Task[Any]


class Nursery:
    """An async context manager whose block ends when all the children have ended that were started in it."""

    def __init__(self) -> None:
        self._open = False
        self._running: set[Task] = set()
        self._news: asyncio.Queue[Task | None] = (
            asyncio.Queue()
        )  # a child has ended; None: the body has ended or failed
        self._errors: list[BaseException] = []
        self._stopping = False
        self._body: Task | None = None

    async def __aenter__(self) -> Self:
        self._open = True
        self._owner = self._body = asyncio.current_task()
        self._took_back = False
        self._supervisor = asyncio.create_task(self._supervise())
        return self

    def start_soon(self, fn: Callable[..., Coroutine[Any, Any, object]], *args: Any) -> None:
        """Start `fn(*args)` as a child, without waiting for it."""
        if not self._open:
            raise RuntimeError("no children outside the block")
        child = asyncio.create_task(fn(*args))
        self._running.add(child)
        child.add_done_callback(self._news.put_nowait)
        if self._stopping:  # let it get to its first await: it may have something to put in order
            asyncio.get_running_loop().call_soon(child.cancel)

    async def _supervise(self) -> None:
        """Runs until the body and all children have ended."""
        while self._body is not None or self._running:
            ended = await self._news.get()
            if ended is not None:
                self._running.discard(ended)
                if not ended.cancelled() and (error := ended.exception()):
                    self._errors.append(error)
            if self._errors:
                self._stop()

    def _stop(self) -> None:
        if self._stopping:
            return
        self._stopping = True
        for task in self._running:
            task.cancel()
        if self._body is not None:
            self._body.cancel()
            self._took_back = True

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._body = None
        if self._took_back:
            self._owner.uncancel()
        if error is not None:
            self._stop()
        if isinstance(error, Exception):
            self._errors.append(error)
        self._news.put_nowait(None)
        cancellation = None
        while not self._supervisor.done():
            try:
                await asyncio.shield(self._supervisor)
            except asyncio.CancelledError as outside:
                cancellation = outside
                self._stop()
        self._open = False
        if self._errors:
            raise ExceptionGroup("several things failed", self._errors) from None
        if cancellation is not None:
            raise cancellation
