"""Controlled schedules, for scenarios: threads of the harness's own, virtual time, and where others may come in.

Bind these before the student's file is loaded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from .loop import latency
from .scheduler import current

__all__ = ["breathe", "latency", "now", "pause", "together"]


def together(*functions: Callable[[], Any], names: Sequence[str] = ()) -> list[Any]:
    """Runs each in a thread of its own and waits for all; returns what they returned.

    If some raised, raises the exception of the first of them, in the order given.
    """
    first = 1 + len(names) if (me := current()) is None else len(me.scheduler.threads) + len(names)
    titles = [*names, *(f"thread {n}" for n in range(first, first + len(functions) - len(names)))]
    returned: list[Any] = [None] * len(functions)
    raised: dict[int, BaseException] = {}

    def run(place: int) -> None:
        try:
            returned[place] = functions[place]()
        except Exception as e:
            raised[place] = e
            if (me := current()) is not None and me.scheduler.recorder is not None:
                me.scheduler.recorder.tell(me, f"raises {type(e).__name__}")

    threads = [threading.Thread(target=run, args=(place,), name=title) for place, title in enumerate(titles)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[min(raised)]
    return returned


def now() -> float:
    """Virtual seconds since the schedule began."""
    me = current()
    return me.scheduler.now if me is not None else 0.0


def pause(seconds: float) -> None:
    """Lets so much virtual time pass for the thread that calls. Only under the scheduler: nothing really sleeps."""
    me = current()
    assert me is not None, "only in scenarios for schedules"
    me.scheduler.sleep(me, seconds)


class _Breath:
    """What `breathe` is about to do: nothing."""

    name, writes = None, False

    def __str__(self) -> str:
        return "gives way"


_BREATH = _Breath()


def breathe() -> None:
    """A point at which another thread may come in."""
    me = current()
    if me is not None:
        me.scheduler.point(me, _BREATH)
