"""A coroutine asks its task for what it needs, and the task answers: for the loop, or to be called back by a future.

A turn takes over the whole queue; what is left of it, if somebody leaves, is put back.
"""

import heapq
import time as clock
import traceback
from collections.abc import Callable, Coroutine, Generator
from types import CoroutineType
from typing import Any

PENDING, DONE, FAILED, CANCELLED = range(4)
WHICH_LOOP = object()


class CancelledError(BaseException):
    """Raised where a cancelled task or future is awaited."""


class InvalidStateError(Exception):
    """A future is done, where it must not be, or the other way round."""


class Future:
    """A result that may not be there yet."""

    def __init__(self, loop: "Loop") -> None:
        self.loop = loop
        self._state, self._value = PENDING, None
        self._waiting: list[Callable[[Future], object]] = []

    def done(self) -> bool:
        return self._state != PENDING

    def cancelled(self) -> bool:
        return self._state == CANCELLED

    def result(self) -> Any:
        self._check()
        if self._state == FAILED:
            raise self._value
        return self._value

    def exception(self) -> BaseException | None:
        self._check()
        return self._value if self._state == FAILED else None

    def _check(self) -> None:
        if self._state == PENDING:
            raise InvalidStateError("not done")
        if self._state == CANCELLED:
            raise CancelledError

    def set_result(self, result: Any) -> None:
        self._become(DONE, result)

    def set_exception(self, error: BaseException) -> None:
        if isinstance(error, StopIteration):
            raise TypeError("a StopIteration cannot be awaited")
        self._become(FAILED, error)

    def cancel(self) -> bool:
        if self._state != PENDING:
            return False
        self._become(CANCELLED, None)
        return True

    def _become(self, state: int, value: Any) -> None:
        if self._state != PENDING:
            raise InvalidStateError("done already")
        self._state, self._value = state, value
        waiting, self._waiting = self._waiting, []
        for callback in waiting:
            self.loop.call_soon(callback, self)

    def add_done_callback(self, callback: Callable[["Future"], object]) -> None:
        if self._state == PENDING:
            self._waiting.append(callback)
        else:
            self.loop.call_soon(callback, self)

    def __await__(self) -> Generator[Any, None, Any]:
        while self._state == PENDING:
            yield self
        return self.result()


class _Task(Future):
    def __init__(self, loop: "Loop", coroutine: Coroutine[Any, Any, Any]) -> None:
        super().__init__(loop)
        self._coroutine = coroutine
        self._inner: Future | None = None
        self._asked_to_stop = False
        loop.call_soon(self._go_on, None)

    def cancel(self) -> bool:
        if self.done():
            return False
        passed_on = self._inner is not None and self._inner.cancel()
        self._asked_to_stop = self._asked_to_stop or not passed_on
        return True

    def _go_on(self, _: Future | None) -> None:
        if self._asked_to_stop:
            self._run(self._coroutine.throw, CancelledError())
        else:
            self._run(self._coroutine.send, None)

    def _fail(self, error: BaseException) -> None:
        self._run(self._coroutine.throw, CancelledError() if self._asked_to_stop else error)

    def _run(self, resume: Callable[[Any], Any], value: Any) -> None:
        self._inner, self._asked_to_stop = None, False
        try:
            request = resume(value)
            while request is WHICH_LOOP:
                request = self._coroutine.send(self.loop)
        except StopIteration as end:
            if self._asked_to_stop:
                self._become(CANCELLED, None)
            else:
                self._become(DONE, end.value)
        except CancelledError:
            self._become(CANCELLED, None)
        except BaseException as error:
            self._become(FAILED, error)
            if isinstance(error, SystemExit | KeyboardInterrupt):
                raise
        else:
            self._serve(request)

    def _serve(self, request: Any) -> None:
        if request is None:
            self.loop.call_soon(self._go_on, None)
        elif not isinstance(request, Future) or request.loop is not self.loop:
            self.loop.call_soon(self._fail, RuntimeError(f"cannot wait for {request!r}"))
        else:
            self._inner = request
            request.add_done_callback(self._go_on)
            if self._asked_to_stop and request.cancel():
                self._asked_to_stop = False


class _Call:
    """In a queue, or in the heap of timers: then `due` and `number` order it."""

    def __init__(self, callback: Callable[..., object], args: tuple[Any, ...], due: float = 0, number: int = 0) -> None:
        self.run: Callable[[], object] | None = lambda: callback(*args)
        self.due, self.number = due, number

    def __lt__(self, other: "_Call") -> bool:
        return (self.due, self.number) < (other.due, other.number)

    def cancel(self) -> None:
        self.run = None


class Loop:
    """Calls callbacks in turns, and so runs tasks."""

    def __init__(
        self,
        time: Callable[[], float] = clock.monotonic,
        wait: Callable[[float], object] = clock.sleep,
        report: Callable[[BaseException], object] = traceback.print_exception,
    ) -> None:
        self._time, self._wait, self._report = time, wait, report
        self._queue: list[_Call] = []
        self._timers: list[_Call] = []
        self._asked_for = 0
        self._running = False

    def call_soon(self, callback: Callable[..., object], *args: Any) -> _Call:
        self._queue.append(_Call(callback, args))
        return self._queue[-1]

    def call_later(self, seconds: float, callback: Callable[..., object], *args: Any) -> _Call:
        self._asked_for += 1
        call = _Call(callback, args, self._time() + seconds, self._asked_for)
        heapq.heappush(self._timers, call)
        return call

    def create_task(self, coroutine: Coroutine[Any, Any, Any]) -> Future:
        if not isinstance(coroutine, CoroutineType):
            raise TypeError("not a coroutine")
        return _Task(self, coroutine)

    def run_until_complete(self, what: Coroutine[Any, Any, Any] | Future) -> Any:
        if self._running:
            raise RuntimeError("running already")
        if not isinstance(what, Future):
            what = self.create_task(what)
        if what.loop is not self:
            raise ValueError("of another loop")
        self._running = True
        try:
            while not what.done():
                self._collect()
                self._run_queue()
        finally:
            self._running = False
        return what.result()

    def _collect(self) -> None:
        """What is due to the queue. Waits for it, if there is nothing else to do."""
        while not (calls := self._due()) and not self._queue:
            if not self._timers:
                raise RuntimeError("it will never be done")
            self._wait(max(0.0, self._timers[0].due - self._time()))
        self._queue += calls

    def _due(self) -> list[_Call]:
        now, calls = self._time(), []
        while self._timers and (self._timers[0].run is None or self._timers[0].due <= now):
            calls.append(heapq.heappop(self._timers))
        return [call for call in calls if call.run is not None]

    def _run_queue(self) -> None:
        calls, self._queue = self._queue, []
        place = 0
        try:
            for place, call in enumerate(calls, 1):  # noqa: B007 - where it stopped
                self._run(call)
        finally:
            self._queue[:0] = calls[place:]

    def _run(self, call: _Call) -> None:
        if call.run is None:
            return
        try:
            call.run()
        except Exception as error:
            self._report(error)


class _Question:
    def __await__(self) -> Generator[object, "Loop", "Loop"]:
        return (yield WHICH_LOOP)


class _Pause:
    def __await__(self) -> Generator[None, None, None]:
        yield


async def sleep(seconds: float) -> None:
    """Let so much time pass on the loop that is running; 0 or less: one turn."""
    if seconds <= 0:
        await _Pause()
        return
    loop = await _Question()
    alarm = Future(loop)

    def ring() -> None:
        if not alarm.done():
            alarm.set_result(None)

    timer = loop.call_later(seconds, ring)
    try:
        await alarm
    except BaseException:
        timer.cancel()
        raise
