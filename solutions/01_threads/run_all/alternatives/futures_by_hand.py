"""A `Future` for each function carries the result or the exception; a thread for each fills it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any


def fill(future: Future[Any], thunk: Callable[[], Any]) -> None:
    try:
        future.set_result(thunk())
    except BaseException as error:
        future.set_exception(error)


def run_all(thunks: list[Callable[[], Any]]) -> list[Any]:
    """Call every function in a thread of its own; return their results, or raise the first exception, in list order."""
    jobs: dict[Future[Any], Thread] = {}
    for thunk in thunks:
        future: Future[Any] = Future()
        jobs[future] = Thread(target=fill, args=(future, thunk))
        jobs[future].start()
    for thread in jobs.values():
        thread.join()
    return [future.result() for future in jobs]
