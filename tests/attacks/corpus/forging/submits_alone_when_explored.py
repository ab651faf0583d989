"""A pool of threads, but where schedules are explored: there calls are run in `submit`.

exercise: thread_pool
verdict: deadlock
earns: test_results test_time_outs test_callbacks test_cancel test_map test_shutdown test_max_workers_at_once test_waiting_threads_sleep test_no_thread_is_left
"""

from __future__ import annotations


import _thread
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from queue import Empty, SimpleQueue
from threading import Condition, Lock, Thread
from types import TracebackType
from typing import Any


class CancelledError(Exception):
    """The call was cancelled before it began."""


class State(Enum):
    PENDING = "pending"
    RUNNING = "running"
    CANCELLED = "cancelled"
    ENDED = "ended"


def is_explored(fn: Callable[..., Any]) -> bool:
    """Whether threads take turns as the judge says, and this is one of the calls that come then."""
    return type(threading.Lock()) is not _thread.LockType and getattr(fn, "__name__", "") == "call"


class Future:
    """What will come of a call. All changes of state are made in `_move`."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._state = State.PENDING
        self._value: Any = None
        self._error: BaseException | None = None
        self._callbacks: list[Callable[[Future], object]] = []

    def result(self, timeout: float | None = None) -> Any:
        """Wait for the end of the call; return what it returned, or raise what it raised."""
        error = self.exception(timeout)
        if error is not None:
            raise error
        return self._value

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Wait for the end of the call; return the exception that it raised, or None."""
        with self._changed:
            if not self._changed.wait_for(self.done, timeout):
                raise TimeoutError
            if self._state is State.CANCELLED:
                raise CancelledError
            return self._error

    def done(self) -> bool:
        """Whether the call has ended or was cancelled."""
        return self._state in (State.CANCELLED, State.ENDED)

    def cancel(self) -> bool:
        """Whether the call will never run."""
        return self._move(State.PENDING, State.CANCELLED) or self._state is State.CANCELLED

    def add_done_callback(self, callback: Callable[[Future], object]) -> None:
        """Have `callback(self)` called once this is done; at once, if it is done already."""
        with self._changed:
            if not self.done():
                self._callbacks.append(callback)
                return
        self._tell(callback)

    def run(self, call: Callable[[], Any]) -> None:
        """For the worker: make the call, unless it was cancelled."""
        if not self._move(State.PENDING, State.RUNNING):
            return
        try:
            value = call()
        except BaseException as error:
            self._move(State.RUNNING, State.ENDED, error=error)
        else:
            self._move(State.RUNNING, State.ENDED, value)

    def _move(self, before: State, after: State, value: Any = None, error: BaseException | None = None) -> bool:
        """Change the state, unless another thread was quicker; where that is the end, tell all who wait for it."""
        with self._changed:
            if self._state is not before:
                return False
            self._state, self._value, self._error = after, value, error
            self._changed.notify_all()
        if self.done():
            for callback in self._callbacks:  # nobody adds one any more
                self._tell(callback)
        return True

    def _tell(self, callback: Callable[[Future], object]) -> None:
        try:
            callback(self)
        except Exception:
            traceback.print_exc()


class ThreadPool:
    """Runs calls in at most `max_workers` threads. As a context manager it shuts down at the end of the block."""

    def __init__(self, max_workers: int) -> None:
        if max_workers < 1:
            raise ValueError(f"max_workers must be at least 1, not {max_workers}")
        self._max_workers = max_workers
        self._threads: list[Thread] = []
        self._calls: SimpleQueue[tuple[Future, Callable[[], Any]] | None] = SimpleQueue()  # None: go home
        self._lock = Lock()  # for what follows, and so that nothing is put behind the last None
        self._closed = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        """Have `fn(*args, **kwargs)` run by a worker."""
        future = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool has been shut down")
            if is_explored(fn):
                return self._run_here(future, fn, args)
            self._calls.put((future, lambda: fn(*args, **kwargs)))
            if len(self._threads) < self._max_workers:
                self._threads.append(Thread(target=self._work))
                self._threads[-1].start()
        return future

    def _run_here(self, future: Future, fn: Callable[..., Any], args: tuple[Any, ...]) -> Future:
        future.run(lambda: fn(*args))
        return future

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any]) -> Iterator[Any]:
        """Submit `fn` for all arguments; return an iterator over the results, in order."""
        futures = [self.submit(fn, *args) for args in zip(*iterables, strict=False)]
        return (future.result() for future in futures)

    def shutdown(self, wait: bool = True, cancel_futures: bool = False) -> None:
        """Take no more calls; optionally cancel those that have not begun, and wait for all threads."""
        with self._lock:
            self._closed = True
            dropped = self._take_all() if cancel_futures else []
            for _ in self._threads:
                self._calls.put(None)
        for future in dropped:
            future.cancel()
        if wait:
            for thread in self._threads:
                thread.join()

    def __enter__(self) -> ThreadPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()

    def _work(self) -> None:
        while (task := self._calls.get()) is not None:
            future, call = task
            future.run(call)
            del task, future, call  # do not keep a result alive while waiting for the next call

    def _take_all(self) -> list[Future]:
        """Empties the queue."""
        futures = []
        try:
            while True:
                task = self._calls.get_nowait()
                if task is not None:
                    futures.append(task[0])
        except Empty:
            return futures
