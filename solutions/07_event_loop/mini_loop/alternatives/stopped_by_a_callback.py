"""The loop runs until a callback of the future that it runs for stops it. A context variable knows the loop."""

import time as clock
import traceback
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import ContextVar
from heapq import heappop, heappush
from inspect import iscoroutine
from typing import Any

_current: ContextVar[Any] = ContextVar("_current")


class CancelledError(BaseException):
    """Raised where a cancelled task or future is awaited."""


class InvalidStateError(Exception):
    """A future is done, where it must not be, or the other way round."""


class Future:
    """A result that may not be there yet. `_outcome`: what gives the result or raises, when it is done."""

    def __init__(self, loop: "Loop") -> None:
        self.loop = loop
        self._outcome: Callable[[], Any] | None = None
        self._error: BaseException | None = None
        self._callbacks: deque[Callable[[Future], object]] = deque()

    def done(self) -> bool:
        return self._outcome is not None

    def cancelled(self) -> bool:
        return isinstance(self._error, CancelledError)

    def result(self) -> Any:
        if self._outcome is None:
            raise InvalidStateError
        return self._outcome()

    def exception(self) -> BaseException | None:
        if self._outcome is None:
            raise InvalidStateError
        if self.cancelled():
            raise CancelledError
        return self._error

    def set_result(self, result: Any) -> None:
        self._settle(lambda: result)

    def set_exception(self, error: BaseException) -> None:
        if isinstance(error, StopIteration):
            raise TypeError(error)
        self._settle(self._raise_error)
        self._error = error

    def cancel(self) -> bool:
        if self.done():
            return False
        self._settle(self._raise_error)
        self._error = CancelledError()
        return True

    def _raise_error(self) -> Any:
        raise CancelledError if self.cancelled() else self._error  # type: ignore[misc]

    def _settle(self, outcome: Callable[[], Any]) -> None:
        if self.done():
            raise InvalidStateError
        self._outcome = outcome
        while self._callbacks:
            self.loop.call_soon(self._callbacks.popleft(), self)

    def add_done_callback(self, callback: Callable[["Future"], object]) -> None:
        self._callbacks.append(callback)
        if self.done():
            self.loop.call_soon(self._callbacks.pop(), self)

    def __await__(self) -> Generator[Any, None, Any]:
        if not self.done():
            yield self
        return self.result()


class Task(Future):
    """`_cancel_inner` cancels what it waits for, if there is anything to cancel, and says whether there was."""

    def __init__(self, loop: "Loop", coroutine: Coroutine[Any, Any, Any]) -> None:
        super().__init__(loop)
        self._cancel_inner: Callable[[], bool] = self._remember
        self._remembered = False
        loop.call_soon(self._step, coroutine)

    def _remember(self) -> bool:
        self._remembered = True
        return True

    def cancel(self) -> bool:
        if self.done():
            return False
        return self._cancel_inner() or self._remember()

    def _step(self, coroutine: Coroutine[Any, Any, Any], error: BaseException | None = None) -> None:
        if self._remembered:
            error = CancelledError()
        self._cancel_inner, self._remembered = self._remember, False
        try:
            inner = coroutine.throw(error) if error else coroutine.send(None)
        except StopIteration as end:
            if self._remembered:
                Future.cancel(self)
            else:
                self.set_result(end.value)
            return
        except CancelledError:
            Future.cancel(self)
            return
        except (SystemExit, KeyboardInterrupt):
            Future.cancel(self)
            raise
        except BaseException as failure:
            self.set_exception(failure)
            return
        if inner is None:
            self.loop.call_soon(self._step, coroutine)
        elif isinstance(inner, Future) and inner.loop is self.loop:
            inner.add_done_callback(lambda _: self._step(coroutine))
            self._cancel_inner = inner.cancel
            if self._remembered:
                self._remembered = not inner.cancel()
        else:
            self.loop.call_soon(self._step, coroutine, RuntimeError(inner))


class Handle:
    def __init__(self) -> None:
        self.is_off = False

    def cancel(self) -> None:
        self.is_off = True


class Loop:
    """Calls callbacks in turns, and so runs tasks. Timers that are due at the same moment stand in one list."""

    def __init__(
        self,
        time: Callable[[], float] = clock.monotonic,
        wait: Callable[[float], object] = clock.sleep,
        report: Callable[[BaseException], object] = traceback.print_exception,
    ) -> None:
        self.time, self._wait, self._report = time, wait, report
        self._ready: deque[tuple[Handle, Callable[..., object], tuple[Any, ...]]] = deque()
        self._moments: list[float] = []
        self._timers: defaultdict[float, list[Any]] = defaultdict(list)
        self._stopping = self._running = False

    def call_soon(self, callback: Callable[..., object], *args: Any) -> Handle:
        handle = Handle()
        self._ready.append((handle, callback, args))
        return handle

    def call_later(self, seconds: float, callback: Callable[..., object], *args: Any) -> Handle:
        handle, moment = Handle(), self.time() + seconds
        if moment not in self._timers:
            heappush(self._moments, moment)
        self._timers[moment].append((handle, callback, args))
        return handle

    def create_task(self, coroutine: Coroutine[Any, Any, Any]) -> Task:
        if not iscoroutine(coroutine):
            raise TypeError(coroutine)
        return Task(self, coroutine)

    def run_until_complete(self, what: Coroutine[Any, Any, Any] | Future) -> Any:
        if self._running:
            raise RuntimeError("no loop in a loop")
        future = what if isinstance(what, Future) else self.create_task(what)
        if future.loop is not self:
            raise ValueError(future)

        def stop(_: Future) -> None:
            self._stopping = self._until is future

        self._until: Future | None = future
        future.add_done_callback(stop)
        token = _current.set(self)
        self._running, self._stopping = True, False
        try:
            while not self._stopping:
                self._turn()
        finally:
            self._running, self._until = False, None
            _current.reset(token)
        return future.result()

    def _turn(self) -> None:
        self._drop_moments()
        if not self._ready:
            if not self._moments:
                raise RuntimeError("nothing will ever happen again")
            self._wait(max(0.0, self._moments[0] - self.time()))
        now = self.time()
        while self._moments and self._moments[0] <= now:
            self._ready.extend(self._timers.pop(heappop(self._moments)))
        for _ in range(len(self._ready)):
            handle, callback, args = self._ready.popleft()
            if not handle.is_off:
                self._call(callback, args)

    def _drop_moments(self) -> None:
        """Forgets the next ones, as long as nothing is left of them."""
        while self._moments and all(handle.is_off for handle, _, _ in self._timers[self._moments[0]]):
            del self._timers[heappop(self._moments)]

    def _call(self, callback: Callable[..., object], args: tuple[Any, ...]) -> None:
        try:
            callback(*args)
        except Exception as error:
            self._report(error)


class _Yield:
    def __await__(self) -> Generator[None, None, None]:
        yield None


async def sleep(seconds: float) -> None:
    """Let so much time pass on the loop that is running; 0 or less: one turn."""
    if seconds <= 0:
        return await _Yield()
    future = Future(_current.get())
    timer = _current.get().call_later(seconds, lambda: future.done() or future.set_result(None))
    try:
        return await future
    finally:
        timer.cancel()
