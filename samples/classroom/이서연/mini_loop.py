"""작은 이벤트 루프 (과제 7). 메서드 순서는 문제 설명과 같다."""

import collections
import heapq
import inspect
import threading
import time as clock
import traceback

here = threading.local()


class CancelledError(BaseException):
    """Raised where a cancelled task or future is awaited."""


class InvalidStateError(Exception):
    """A future is done, where it must not be, or the other way round."""


class Future:
    def __init__(self, loop):
        self.loop = loop
        self.state = "waiting"
        self.value = None
        self.callbacks = []

    def done(self):
        return self.state != "waiting"

    def cancelled(self):
        return self.state == "cancelled"

    def result(self):
        error = self.exception()
        if error is not None:
            raise error
        return self.value

    def exception(self):
        if self.state == "waiting":
            raise InvalidStateError("not done yet")
        if self.state == "cancelled":
            raise CancelledError()
        return self.value if self.state == "failed" else None

    def set_result(self, result):
        self.finish("ready", result)

    def set_exception(self, error):
        if isinstance(error, StopIteration):
            raise TypeError("no StopIteration, please")
        self.finish("failed", error)

    def cancel(self):
        if self.done():
            return False
        self.finish("cancelled", None)
        return True

    def finish(self, state, value):
        if self.done():
            raise InvalidStateError(self.state)
        self.state, self.value = state, value
        for callback in self.callbacks:
            self.loop.call_soon(callback, self)
        self.callbacks = []

    def add_done_callback(self, callback):
        if self.done():
            self.loop.call_soon(callback, self)
        else:
            self.callbacks.append(callback)

    def __await__(self):
        if not self.done():
            yield self
        return self.result()


class Task(Future):
    def __init__(self, coroutine, loop):
        super().__init__(loop)
        self.coroutine = coroutine
        self.waits_for = None
        self.cancel_asked = False
        loop.call_soon(self.step)

    def cancel(self):
        if self.done():
            return False
        if self.waits_for is not None and self.waits_for.cancel():
            return True
        self.cancel_asked = True
        return True

    def woken(self, future):
        self.step()

    def step(self, error=None):
        if self.cancel_asked:
            error, self.cancel_asked = CancelledError(), False
        self.waits_for = None  # 이제 기다리는 것이 없다
        try:
            if error is not None:
                what = self.coroutine.throw(error)
            else:
                what = self.coroutine.send(None)
        except StopIteration as stop:
            if self.cancel_asked:  # 취소하라고 했는데 그 사이에 끝나 버렸다
                Future.cancel(self)
            else:
                self.set_result(stop.value)
        except CancelledError:
            Future.cancel(self)
        except (KeyboardInterrupt, SystemExit) as error:
            self.set_exception(error)
            raise
        except BaseException as error:
            self.set_exception(error)
        else:
            self.handle(what)

    def handle(self, what):
        if what is None:
            self.loop.call_soon(self.step)
        elif isinstance(what, Future) and what.loop is self.loop:
            self.waits_for = what
            what.add_done_callback(self.woken)
            if self.cancel_asked and what.cancel():
                self.cancel_asked = False
        else:
            self.loop.call_soon(self.step, RuntimeError(f"cannot await {what!r}"))


class Handle:
    def __init__(self, callback, args):
        self.callback, self.args, self.off = callback, args, False

    def cancel(self):
        self.off = True


class Loop:
    def __init__(self, time=clock.monotonic, wait=clock.sleep, report=traceback.print_exception):
        self.time, self.wait, self.report = time, wait, report
        self.ready = collections.deque()
        self.timers = []
        self.counter = 0
        self.running = False

    def call_soon(self, callback, *args):
        self.ready.append(Handle(callback, args))
        return self.ready[-1]

    def call_later(self, seconds, callback, *args):
        self.counter += 1
        handle = Handle(callback, args)
        heapq.heappush(self.timers, (self.time() + seconds, self.counter, handle))
        return handle

    def create_task(self, coroutine):
        if not inspect.iscoroutine(coroutine):
            raise TypeError("a coroutine was expected")
        return Task(coroutine, self)

    def run_until_complete(self, what):
        if self.running:
            raise RuntimeError("running already")
        future = what if isinstance(what, Future) else self.create_task(what)
        if future.loop is not self:
            raise ValueError("다른 루프의 future")
        before, here.loop, self.running = getattr(here, "loop", None), self, True
        try:
            while not future.done():
                self.turn()
        finally:
            here.loop, self.running = before, False
        return future.result()

    def turn(self):
        while self.timers and self.timers[0][2].off:
            heapq.heappop(self.timers)
        if not self.ready and not self.timers:
            raise RuntimeError("deadlock")
        if not self.ready:
            seconds = self.timers[0][0] - self.time()
            if seconds > 0:
                self.wait(seconds)
        now = self.time()
        while self.timers and self.timers[0][0] <= now:
            self.ready.append(heapq.heappop(self.timers)[2])
        for _ in range(len(self.ready)):
            handle = self.ready.popleft()
            if handle.off:
                continue
            try:
                handle.callback(*handle.args)
            except Exception as error:
                self.report(error)


class Turn:
    def __await__(self):
        yield


async def sleep(seconds):
    if seconds <= 0:
        await Turn()
        return
    loop = here.loop
    future = Future(loop)

    def ring():
        if not future.done():
            future.set_result(None)

    timer = loop.call_later(seconds, ring)
    try:
        await future
    finally:
        timer.cancel()
