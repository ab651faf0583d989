"""What stands in for Python's own threads, locks and clocks while schedules are explored, and its undoing.

Threads that are not under the scheduler get the originals from every one of these.
"""

from __future__ import annotations

import _frozen_importlib
import _queue
import _thread
import asyncio
import concurrent.futures._base
import concurrent.futures.thread
import contextlib
import gc
import itertools
import logging
import multiprocessing.process
import queue
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from . import libraries, processless
from .bytecodes import identity
from .guard import refuse
from .locks import ControlledLock, ControlledRLock, ImportRLock, WaiterLock, for_controlled
from .loop import VirtualLoop, note_blocking
from .scheduler import ENDED, ControlledThread, Unwind, current

_base, _executors = concurrent.futures._base, concurrent.futures.thread
_EPOCH_S = 1_700_000_000.0  # what time.time() says when a schedule begins: any date will do
_start, _join, _is_alive = threading.Thread.start, threading.Thread.join, threading.Thread.is_alive
_start_raw, _sleep, _new_loop = _thread.start_new_thread, time.sleep, asyncio.new_event_loop
_start_process = multiprocessing.process.BaseProcess.start
_START_RAW_NAMES = [name for name in ("start_new_thread", "start_new") if hasattr(_thread, name)]
_ALLOCATE_NAMES = [name for name in ("allocate_lock", "allocate") if hasattr(_thread, name)]


# ---------------------------------------------------------------------- threads


class _Join:
    """The access of a thread that is about to join."""

    name, writes = "join", False

    def __init__(self, thread: ControlledThread) -> None:
        self.thread = thread

    def __str__(self) -> str:
        return f"joins {self.thread.name}"


def _start_thread(self: Any) -> None:
    me = current()
    if me is None:
        return _start(self)
    if not self._initialized:
        raise RuntimeError("thread.__init__() not called")
    if self._started._flag:
        raise RuntimeError("threads can only be started once")
    self._started._flag = True
    me.scheduler.spawn(self.run, self.name, self)
    if me.scheduler.recorder is not None:
        me.scheduler.recorder.tell(me, f"starts {self.name}")
    return None


def _join_thread(self: Any, timeout: float | None = None) -> None:
    me, joined = current(), _controlled_by(self)
    if me is None or joined is None:
        if me is not None and not self._started._flag:
            raise RuntimeError("cannot join thread before it is started")
        return _join(self, timeout)
    if joined is me:
        raise RuntimeError("cannot join current thread")
    me.scheduler.point(me, _Join(joined))
    began = me.scheduler.now
    until = None if timeout is None else began + max(0, timeout)
    if me.runs_a_loop and joined.alive:
        note_blocking(me, "Thread.join")
    while joined.state is not ENDED:
        if not me.scheduler.block(me, joined, until):
            return None
    if me.runs_a_loop and me.scheduler.now > began:
        note_blocking(me, "waiting for an executor", lasted=True)
    return None


def _controlled_by(python: Any) -> ControlledThread | None:
    """The controlled thread of a thread object, which tells nothing of it itself, as student code has it in hands."""
    me = current()
    for thread in me.scheduler.threads if me is not None else ():
        if thread.python is python:
            return thread
    return None


def _thread_is_alive(self: Any) -> bool:
    joined = _controlled_by(self)
    return joined.alive if joined is not None else bool(_is_alive(self))


def _start_new_thread(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Any = None, /) -> int:
    me = current()
    if me is None:
        return _start_raw(function, args, kwargs or {})
    scheduler = me.scheduler
    name = f"thread {len(scheduler.threads)}"
    return scheduler.spawn(lambda: function(*args, **(kwargs or {})), name).number


def _refuse_process(self: Any) -> None:
    if current() is not None:
        refuse("multiprocessing")
    _start_process(self)


class _Numbered:
    """Hashes in the order of making, so that sets of threads and of futures have the same order each time."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self._numbers = itertools.count(1)

    def hash_of(self, thing: Any) -> int:
        if "_number" not in thing.__dict__:
            thing._number = next(self._numbers) if current() is not None else id(thing) >> 4
        return int(thing._number)


# ---------------------------------------------------------------------- time


def _sleep_virtually(seconds: float) -> None:
    me = current()
    if me is None:
        return _sleep(seconds)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    note_blocking(me, "time.sleep")
    return me.scheduler.sleep(me, seconds)


def _clock(original: Callable[[], Any], start: float = 0.0, per_second: int = 1) -> Callable[[], Any]:
    def read() -> Any:
        me = current()
        if me is None:
            return original()
        moment = start + me.scheduler.read_clock()
        return int(moment * per_second) if per_second > 1 else moment

    return read


def _new_event_loop() -> Any:
    return _new_loop() if current() is None else VirtualLoop()


# ---------------------------------------------------------------------- all of it


class StandIns:
    """Installed for as long as the context lasts; `fresh` before each schedule."""

    def __init__(self) -> None:
        self.never_awaited = 0  # coroutines that were thrown away
        self._numbered = _Numbered()
        self._pillars = _ORIGINALS

    @property
    def replaced(self) -> str:
        """The first of Python's own things that the student's code has put something else in the place of, or ''."""
        for (owner, name), mine, found in zip(_PILLARS, self._pillars, _pillars(), strict=True):
            if found is not mine:
                return f"{getattr(owner, '__name__', '')}.{name}"
        return ""

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        replaced = []
        collecting = gc.isenabled()
        gc.disable()  # no finalizer at a moment that nobody chose
        try:
            for owner, name, value in [*self._replacements()]:
                replaced.append((owner, name, owner.__dict__.get(name, _INHERITED)))
                setattr(owner, name, value)
            self._pillars = _pillars()
            yield
        finally:
            for owner, name, original in reversed(replaced):
                if original is _INHERITED:
                    delattr(owner, name)
                else:
                    setattr(owner, name, original)
            self.fresh()
            if collecting:
                gc.enable()

    def fresh(self) -> None:
        """Forgets what Python's modules remember of an earlier schedule."""
        self._numbered.restart()
        self.never_awaited = 0
        _executors._threads_queues.clear()  # type: ignore[attr-defined]
        processless.forget_pools()
        threading._counter = itertools.count(1).__next__  # type: ignore[attr-defined]
        _executors.ThreadPoolExecutor._counter = itertools.count().__next__  # type: ignore[attr-defined]
        if isinstance(_executors._global_shutdown_lock, ControlledLock):
            _executors._global_shutdown_lock = ControlledLock()

    def _note_unawaited(self) -> None:
        self.never_awaited += 1

    def _replacements(self) -> Iterator[tuple[Any, str, Any]]:
        yield from self._of_locks()
        yield from self._of_threads()
        yield from self._of_time()
        yield from self._of_remarks()

    def _of_locks(self) -> Iterator[tuple[Any, str, Any]]:
        lock = for_controlled(ControlledLock, _thread.allocate_lock)
        reentrant = for_controlled(ControlledRLock, _thread.RLock)
        waiter = for_controlled(WaiterLock, _thread.allocate_lock)
        importing = {"allocate_lock": waiter, "RLock": for_controlled(ImportRLock, _thread.RLock)}
        yield _frozen_importlib, "_thread", types.SimpleNamespace(**vars(_thread) | importing)
        as_class = for_controlled(ControlledLock, threading.Lock)
        yield threading, "Lock", as_class
        yield threading, "_allocate_lock", waiter
        yield threading, "RLock", reentrant
        yield threading, "_CRLock", reentrant
        yield _thread, "RLock", reentrant
        for name in _ALLOCATE_NAMES:
            yield _thread, name, lock
        yield _executors, "_global_shutdown_lock", ControlledLock()
        yield from processless.replacements()
        yield queue, "SimpleQueue", queue._PySimpleQueue  # type: ignore[attr-defined]
        yield _queue, "SimpleQueue", queue._PySimpleQueue  # type: ignore[attr-defined]
        yield from _of_libraries({threading.Lock: as_class, _thread.allocate_lock: lock, _thread.RLock: reentrant})
        yield logging, "_lock", ControlledRLock()
        for reference in [*logging._handlerList]:  # type: ignore[attr-defined]
            handler = reference()
            if handler is not None and handler.lock is not None:
                yield handler, "lock", ControlledRLock()

    def _of_threads(self) -> Iterator[tuple[Any, str, Any]]:
        yield threading.Thread, "start", _start_thread
        yield threading.Thread, "join", _join_thread
        yield threading.Thread, "is_alive", _thread_is_alive
        for name in _START_RAW_NAMES:
            yield _thread, name, _start_new_thread
        yield multiprocessing.process.BaseProcess, "start", _refuse_process
        for kind in (threading.Thread, _base.Future):
            yield kind, "__hash__", lambda thing, numbered=self._numbered: numbered.hash_of(thing)
        yield _base, "id", hash  # as_completed takes the futures' locks in the order of their `id`, a built-in

    def _of_time(self) -> Iterator[tuple[Any, str, Any]]:
        yield time, "sleep", _sleep_virtually
        for name, start in (("monotonic", 0.0), ("perf_counter", 0.0), ("time", _EPOCH_S)):
            yield time, name, _clock(getattr(time, name), start)
            yield time, f"{name}_ns", _clock(getattr(time, f"{name}_ns"), start, 10**9)
        for module, name in ((threading, "_time"), (queue, "time")):
            yield module, name, _clock(time.monotonic)
        yield asyncio, "new_event_loop", _new_event_loop
        yield asyncio.events, "new_event_loop", _new_event_loop

    def _of_remarks(self) -> Iterator[tuple[Any, str, Any]]:
        """Who would write to standard error about what is only the end of a schedule."""
        yield _base.LOGGER, "disabled", True
        yield warnings, "_warn_unawaited_coroutine", lambda coroutine: self._note_unawaited()
        yield sys, "unraisablehook", _ignore_unwinding


def _of_libraries(factories: dict[Any, Any]) -> Iterator[tuple[Any, str, Any]]:
    """Locks, and factories of locks, that modules of Python's library have had since they were imported."""
    kinds = {identity(original): stand_in for original, stand_in in factories.items()}
    for module in libraries.of_python():
        for name, value in [*vars(module).items()]:
            kind = type(value)
            if kind in _LOCKS:
                yield module, name, _LOCKS[kind]()
            elif callable(value) and identity(value) in kinds:
                yield module, name, kinds[identity(value)]


def _ignore_unwinding(said: Any) -> None:
    if said.exc_type is not Unwind and current() is None:
        sys.__unraisablehook__(said)


_LOCKS: dict[type, type[ControlledLock]] = {_thread.LockType: ControlledLock, type(_thread.RLock()): ControlledRLock}
_INHERITED = object()  # the name was not the owner's own before

# What student code must not have replaced, or the scheduler sees nothing of what it does.
_PILLARS = [
    *((threading, name) for name in ("Lock", "RLock", "Condition", "Event", "Semaphore", "Barrier", "Thread")),
    *((threading, name) for name in ("Timer", "BoundedSemaphore", "current_thread", "_allocate_lock")),
    *((threading.Thread, name) for name in ("start", "join", "is_alive", "run")),
    *((_thread, name) for name in ("allocate_lock", "start_new_thread", "get_ident", "RLock")),
    *((queue, name) for name in ("Queue", "SimpleQueue", "LifoQueue", "PriorityQueue")),
    *((time, name) for name in ("sleep", "monotonic", "perf_counter", "time")),
    *((_executors, "ThreadPoolExecutor"), (asyncio, "new_event_loop"), (warnings, "_warn_unawaited_coroutine")),
]


def _pillars() -> list[Any]:
    return [getattr(owner, name, None) for owner, name in _PILLARS]


_ORIGINALS = _pillars()


def alive_but(thread: ControlledThread) -> int:
    """How many other threads of its schedule have not ended."""
    return sum([other.state is not ENDED for other in thread.scheduler.threads]) - 1
