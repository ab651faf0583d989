"""An event loop for `async def` code: a queue, a heap of timers, and futures that call back."""

import heapq
import threading
import time as clock
import traceback
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from inspect import iscoroutine
from itertools import count
from typing import Any

_running = threading.local()  # `loop`: the one that runs in this thread


class CancelledError(BaseException):
    """Raised where a cancelled task or future is awaited."""


class InvalidStateError(Exception):
    """A future is done, where it must not be, or the other way round."""


class Handle:
    """A callback that can still be called off."""

    def __init__(self, callback: Callable[..., object], args: tuple[Any, ...]) -> None:
        self._callback, self._args = callback, args
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True

    def run(self) -> None:
        if not self.cancelled:
            self._callback(*self._args)


class Future:
    """A result that may not be there yet."""

    def __init__(self, loop: "Loop") -> None:
        self._loop = loop
        self._done = False
        self._result: Any = None
        self._exception: BaseException | None = None
        self._cancelled = False
        self._callbacks: list[Callable[[Future], object]] = []

    def belongs_to(self, loop: "Loop") -> bool:
        return self._loop is loop

    def done(self) -> bool:
        return self._done

    def cancelled(self) -> bool:
        return self._cancelled

    def result(self) -> Any:
        if (error := self.exception()) is not None:
            raise error
        return self._result

    def exception(self) -> BaseException | None:
        if not self._done:
            raise InvalidStateError("the future is not done")
        if self._cancelled:
            raise CancelledError
        return self._exception

    def set_result(self, result: Any) -> None:
        self._finish()
        self._result = result

    def set_exception(self, error: BaseException) -> None:
        if isinstance(error, StopIteration):
            raise TypeError("StopIteration ends a coroutine, and cannot be raised into one")
        self._finish()
        self._exception = error

    def cancel(self) -> bool:
        if self._done:
            return False
        self._finish()
        self._cancelled = True
        return True

    def _finish(self) -> None:
        """Its callbacks are called soon: what belongs to it is there by then."""
        if self._done:
            raise InvalidStateError("the future is done")
        self._done = True
        for callback in self._callbacks:
            self._loop.call_soon(callback, self)
        self._callbacks.clear()

    def add_done_callback(self, callback: Callable[["Future"], object]) -> None:
        if self._done:
            self._loop.call_soon(callback, self)
        else:
            self._callbacks.append(callback)

    def __await__(self) -> Generator[Any, None, Any]:
        if not self._done:
            yield self
        return self.result()


class Task(Future):
    """A future that drives a coroutine: one step in each callback."""

    def __init__(self, loop: "Loop", coroutine: Coroutine[Any, Any, Any]) -> None:
        super().__init__(loop)
        self._coroutine = coroutine
        self._awaited: Future | None = None
        self._must_cancel = False
        loop.call_soon(self._step)

    def cancel(self) -> bool:
        if self.done():
            return False
        if self._awaited is None or not self._awaited.cancel():
            self._must_cancel = True
        return True

    def _wake_up(self, _: Future) -> None:
        self._step()

    def _step(self, error: BaseException | None = None) -> None:
        """Runs it to its next `await`. `error`: what is raised there instead of going on."""
        if self._must_cancel:
            error = CancelledError()
        self._awaited, self._must_cancel = None, False
        try:
            awaited = self._coroutine.send(None) if error is None else self._coroutine.throw(error)
        except StopIteration as stop:
            super().cancel() if self._must_cancel else self.set_result(stop.value)
        except CancelledError:
            super().cancel()
        except (SystemExit, KeyboardInterrupt) as stop:
            self.set_exception(stop)
            raise
        except BaseException as failure:
            self.set_exception(failure)
        else:
            self._wait_for(awaited)

    def _wait_for(self, awaited: object) -> None:
        if awaited is None:
            self._loop.call_soon(self._step)
        elif isinstance(awaited, Future) and awaited is not self and awaited.belongs_to(self._loop):
            self._awaited = awaited
            awaited.add_done_callback(self._wake_up)
            if self._must_cancel and awaited.cancel():
                self._must_cancel = False
        else:
            self._loop.call_soon(self._step, RuntimeError(f"a task cannot await {awaited!r}"))


class Loop:
    """Calls callbacks in turns, and so runs tasks."""

    def __init__(
        self,
        time: Callable[[], float] = clock.monotonic,
        wait: Callable[[float], object] = clock.sleep,
        report: Callable[[BaseException], object] = traceback.print_exception,
    ) -> None:
        self._time, self._wait, self._report = time, wait, report
        self._ready: deque[Handle] = deque()
        self._timers: list[tuple[float, int, Handle]] = []
        self._numbers = count()  # so that no two timers compare their handles, and equal ones keep their order
        self._is_running = False

    def call_soon(self, callback: Callable[..., object], *args: Any) -> Handle:
        handle = Handle(callback, args)
        self._ready.append(handle)
        return handle

    def call_later(self, seconds: float, callback: Callable[..., object], *args: Any) -> Handle:
        handle = Handle(callback, args)
        heapq.heappush(self._timers, (self._time() + seconds, next(self._numbers), handle))
        return handle

    def create_task(self, coroutine: Coroutine[Any, Any, Any]) -> Task:
        if not iscoroutine(coroutine):
            raise TypeError(f"a coroutine was expected, not {coroutine!r}")
        return Task(self, coroutine)

    def run_until_complete(self, what: Coroutine[Any, Any, Any] | Future) -> Any:
        if self._is_running:
            raise RuntimeError("the loop is running already")
        future = what if isinstance(what, Future) else self.create_task(what)
        if not future.belongs_to(self):
            raise ValueError("a future of another loop")
        outside = getattr(_running, "loop", None)
        self._is_running, _running.loop = True, self
        try:
            while not future.done():
                self._turn()
        finally:
            self._is_running, _running.loop = False, outside
        return future.result()

    def _turn(self) -> None:
        self._await_something()
        now = self._time()
        while self._timers and self._timers[0][0] <= now:
            self._ready.append(heapq.heappop(self._timers)[2])
        for _ in range(len(self._ready)):
            try:
                self._ready.popleft().run()
            except (SystemExit, KeyboardInterrupt):
                raise
            except BaseException as error:
                self._report(error)

    def _await_something(self) -> None:
        """Lets time pass if nothing is ready. Raises RuntimeError if that would not help."""
        while self._timers and self._timers[0][2].cancelled:
            heapq.heappop(self._timers)
        if self._ready:
            return
        if not self._timers:
            raise RuntimeError("nothing is left to run, and the future is not done")
        seconds = self._timers[0][0] - self._time()
        if seconds > 0:
            self._wait(seconds)


class _Turn:
    """What is awaited to let a turn pass."""

    def __await__(self) -> Generator[None, None, None]:
        yield


async def sleep(seconds: float) -> None:
    """Let so much time pass on the loop that is running; 0 or less: one turn."""
    if seconds <= 0:
        return await _Turn()
    loop: Loop = _running.loop
    over = Future(loop)
    timer = loop.call_later(seconds, lambda: over.done() or over.set_result(None))
    try:
        await over
    finally:
        timer.cancel()
