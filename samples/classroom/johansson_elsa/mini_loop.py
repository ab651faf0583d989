import heapq
import time as clock
import traceback


class CancelledError(BaseException):
    pass


class InvalidStateError(Exception):
    pass


class Future:
    def __init__(self, loop):
        self._loop = loop
        self._result = None
        self._error = None
        self._done = False
        self._cancelled = False
        self._callbacks = []

    def done(self):
        return self._done

    def cancelled(self):
        return self._cancelled

    def result(self):
        if not self._done:
            raise InvalidStateError()
        if self._error:
            raise self._error
        return self._result

    def exception(self):
        return self._error

    def set_result(self, result):
        self._result = result
        self._done = True
        for callback in self._callbacks:
            self._loop.call_soon(callback, self)

    def set_exception(self, error):
        self._error = error
        self.set_result(None)

    def cancel(self):
        self._cancelled = True
        self.set_exception(CancelledError())
        return True

    def add_done_callback(self, callback):
        self._callbacks.append(callback)

    def __await__(self):
        yield self
        return self.result()


class Loop:
    def __init__(self, time=clock.monotonic, wait=clock.sleep, report=traceback.print_exception):
        self.time, self.wait = time, wait
        self.queue = []
        self.timers = []

    def call_soon(self, callback, *args):
        self.queue.append((callback, args))

    def call_later(self, seconds, callback, *args):
        heapq.heappush(self.timers, (self.time() + seconds, callback, args))

    def create_task(self, coroutine):
        task = Future(self)

        def step(_=None):
            try:
                future = coroutine.send(None)
            except StopIteration as end:
                task.set_result(end.value)
            except Exception as error:
                task.set_exception(error)
            else:
                future.add_done_callback(step)

        self.call_soon(step)
        return task

    def run_until_complete(self, what):
        global running
        running = self
        future = what if isinstance(what, Future) else self.create_task(what)
        while not future.done():
            while self.queue:
                callback, args = self.queue.pop(0)
                callback(*args)
            if self.timers and not future.done():
                moment, callback, args = heapq.heappop(self.timers)
                self.wait(moment - self.time())
                callback(*args)
        return future.result()


async def sleep(seconds):
    future = Future(running)
    running.call_later(seconds, future.set_result, None)
    await future
