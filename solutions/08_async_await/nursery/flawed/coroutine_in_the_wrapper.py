"""Hands a finished coroutine to the wrapper; if that is cancelled before its first line, nobody awaits it.

caught_by: test_nothing_is_left_behind
verdict: leak
"""

import asyncio
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self


class Nursery:
    """An async context manager whose block ends when all the children have ended that were started in it."""

    def __init__(self) -> None:
        self._state = "new"  # then "in the body", "waiting", "closed"
        self._tasks: dict[asyncio.Task[None], None] = {}  # in the order in which they were started
        self._none_left = asyncio.Event()
        self._none_left.set()
        self._errors: list[BaseException] = []
        self._cancelled = False

    async def __aenter__(self) -> Self:
        self._body = asyncio.current_task()
        self._state = "in the body"
        return self

    def start_soon(self, fn: Callable[..., Coroutine[Any, Any, object]], *args: Any) -> None:
        """Start `fn(*args)` as a child, without waiting for it."""
        if self._state in ("new", "closed"):
            raise RuntimeError(f"the nursery is {self._state}")
        task = asyncio.create_task(self._run(fn(*args)))
        self._tasks[task] = None
        self._none_left.clear()
        # The wrapper does not get to its first line if it is cancelled before.
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        if not self._tasks:
            self._none_left.set()

    async def _run(self, child: Coroutine[Any, Any, object]) -> None:
        if self._cancelled:
            return  # started during the shutdown: cancelled before its first line
        try:
            await child
        except asyncio.CancelledError:
            pass
        except Exception as error:
            self._errors.append(error)
            self._cancel_all(but=asyncio.current_task())

    def _cancel_all(self, but: asyncio.Task[Any] | None = None) -> None:
        if self._cancelled:
            return
        self._cancelled = True
        for task in self._tasks:
            if task is not but:
                task.cancel()
        if self._state == "in the body" and self._body is not None:
            self._body.cancel()
            self._state = "in the cancelled body"

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._state == "in the cancelled body" and self._body is not None:
            self._body.uncancel()
        self._state = "waiting"
        if isinstance(error, Exception):
            self._errors.append(error)
        if error is not None:
            self._cancel_all()
        cancelled_here = False
        while self._tasks:
            try:
                await self._none_left.wait()
            except asyncio.CancelledError:
                cancelled_here = True
                self._cancel_all()
        self._state = "closed"
        if self._errors:
            raise ExceptionGroup("errors in a nursery", self._errors) from None
        if cancelled_here:
            raise asyncio.CancelledError
