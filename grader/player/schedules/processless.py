"""What `multiprocessing` offers to threads of one process: while schedules are explored no process can be started.

So its locks and queues need not be more than those of threads, and its pool of threads can be followed: of its own it
waits for a pipe.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.context
import multiprocessing.pool
import multiprocessing.util
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

from .scheduler import current

_LOCKS = ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event", "Barrier")
_Pool: Any = multiprocessing.pool.Pool
_ThreadPool: Any = multiprocessing.pool.ThreadPool
_wait_for_updates, _get_sentinels = _Pool._wait_for_updates, _ThreadPool._get_sentinels


class _Queue(queue.Queue[Any]):
    """Nothing to be flushed, so nothing to close and nobody to wait for."""

    def close(self) -> None: ...
    def join_thread(self) -> None: ...
    def cancel_join_thread(self) -> None: ...


class _SimpleQueue:
    def __init__(self) -> None:
        self._items = queue.SimpleQueue[Any]()
        self.put, self.get, self.empty = self._items.put, self._items.get, self._items.empty

    def close(self) -> None: ...


def replacements() -> Iterator[tuple[Any, str, Any]]:
    """Owner, name and stand-in of each."""
    makers: dict[str, Callable[..., Any]] = {name: _of_threads(name) for name in _LOCKS}
    makers |= {"Queue": _Queue, "JoinableQueue": _Queue, "SimpleQueue": _SimpleQueue}
    for name, make in makers.items():
        yield multiprocessing, name, _where_controlled(make, getattr(multiprocessing, name))
        original = getattr(multiprocessing.context.BaseContext, name)
        yield multiprocessing.context.BaseContext, name, _where_controlled(make, original, is_method=True)
    yield _Pool, "_wait_for_updates", staticmethod(_wait_for_news)
    yield _ThreadPool, "_get_sentinels", _sentinels_of


def forget_pools() -> None:
    """Pools that an earlier schedule has left: whoever collects them must not wait for their threads."""
    multiprocessing.util._finalizer_registry.clear()  # type: ignore[attr-defined]


def _of_threads(name: str) -> Callable[..., Any]:
    def make(*args: Any, **kwargs: Any) -> Any:
        return getattr(threading, name)(*args, **kwargs)  # whatever stands in for it by then

    return make


def _where_controlled(make: Callable[..., Any], original: Any, is_method: bool = False) -> Callable[..., Any]:
    def made(*args: Any, **kwargs: Any) -> Any:
        return original(*args, **kwargs) if current() is None else make(*args[is_method:], **kwargs)

    return made


def _wait_for_news(sentinels: Any, notifier: Any, timeout: float | None = None) -> Any:
    if not isinstance(notifier, _SimpleQueue):
        return _wait_for_updates(sentinels, notifier, timeout)
    notifier.get()
    while not notifier.empty():
        notifier.get()
    return None


def _sentinels_of(pool: Any) -> Any:
    return [] if isinstance(pool._change_notifier, _SimpleQueue) else _get_sentinels(pool)
