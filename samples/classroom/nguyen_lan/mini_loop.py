"""Event loop. Cancelling works for sleeps, I ran out of time for the rest."""

import heapq
import inspect
import time as clock
import traceback
from collections import deque

current = None


class CancelledError(BaseException):
    """Raised where a cancelled task or future is awaited."""


class InvalidStateError(Exception):
    """A future is done, where it must not be, or the other way round."""


class Handle:
    def __init__(self, callback, args):
        self.callback, self.args, self.cancelled = callback, args, False

    def cancel(self):
        self.cancelled = True


class Future:
    def __init__(self, loop):
        self.loop = loop
        self.is_done = False
        self.is_cancelled = False
        self.value = None
        self.error = None
        self.callbacks = []

    def done(self):
        return self.is_done

    def cancelled(self):
        return self.is_cancelled

    def result(self):
        if self.exception():
            raise self.error
        return self.value

    def exception(self):
        if not self.is_done:
            raise InvalidStateError()
        if self.is_cancelled:
            raise CancelledError()
        return self.error

    def finish(self):
        if self.is_done:
            raise InvalidStateError()
        self.is_done = True
        for callback in self.callbacks:
            callback(self)

    def set_result(self, result):
        self.finish_with(result, None)

    def set_exception(self, error):
        if isinstance(error, StopIteration):
            raise TypeError()
        self.finish_with(None, error)

    def finish_with(self, value, error):
        if self.is_done:
            raise InvalidStateError()
        self.value, self.error = value, error
        self.finish()

    def cancel(self):
        if self.is_done:
            return False
        self.is_cancelled = True
        self.finish()
        return True

    def add_done_callback(self, callback):
        if self.is_done:
            self.loop.call_soon(callback, self)
        else:
            self.callbacks.append(callback)

    def __await__(self):
        if not self.is_done:
            yield self
        return self.result()


class Task(Future):
    def __init__(self, loop, coroutine):
        super().__init__(loop)
        self.coroutine = coroutine
        self.waiting_for = None
        loop.call_soon(self.step)

    def cancel(self):
        if self.is_done:
            return False
        if self.waiting_for:
            self.waiting_for.cancel()
        return True

    def step(self, _=None):
        self.waiting_for = None
        try:
            waiting_for = self.coroutine.send(None)
        except StopIteration as stop:
            self.set_result(stop.value)
        except CancelledError:
            Future.cancel(self)
        except Exception as error:
            self.set_exception(error)
        else:
            if waiting_for is None:
                self.loop.call_soon(self.step)
            else:
                self.waiting_for = waiting_for
                waiting_for.add_done_callback(self.step)


class Loop:
    def __init__(self, time=clock.monotonic, wait=clock.sleep, report=traceback.print_exception):
        self.time, self.wait, self.report = time, wait, report
        self.ready = deque()
        self.timers = []
        self.number = 0

    def call_soon(self, callback, *args):
        handle = Handle(callback, args)
        self.ready.append(handle)
        return handle

    def call_later(self, seconds, callback, *args):
        handle = Handle(callback, args)
        self.number += 1
        heapq.heappush(self.timers, (self.time() + seconds, self.number, handle))
        return handle

    def create_task(self, coroutine):
        if not inspect.iscoroutine(coroutine):
            raise TypeError(coroutine)
        return Task(self, coroutine)

    def run_until_complete(self, what):
        global current
        current = self
        future = what if isinstance(what, Future) else self.create_task(what)
        while not future.done():
            if not self.ready:
                if not self.timers:
                    raise RuntimeError("deadlock")
                self.wait(max(0, self.timers[0][0] - self.time()))
            while self.timers and self.timers[0][0] <= self.time():
                self.ready.append(heapq.heappop(self.timers)[2])
            for _ in range(len(self.ready)):
                handle = self.ready.popleft()
                if not handle.cancelled:
                    try:
                        handle.callback(*handle.args)
                    except Exception as error:
                        self.report(error)
        return future.result()


class OneTurn:
    def __await__(self):
        yield


async def sleep(seconds):
    if seconds <= 0:
        await OneTurn()
    else:
        future = Future(current)
        current.call_later(seconds, lambda: future.done() or future.set_result(None))
        await future
