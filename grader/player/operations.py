"""How much Python has run: what NumPy does for a whole array is one step, a loop over its elements is many.

A step is a line, or a call of a function: every loop has one at least in each round, whoever calls (`np.vectorize`, a
comprehension, `map` with a function of Python's), and in libraries as well. A loop of C over functions of C has none.

Student code cannot stop the counting: tracers are out of its reach (`boundary`), and a counter only goes up. What other
threads do is not counted, but the kernel says whether there are any (`expect_one_thread`); nor what an audit hook does,
or a loop of C: that costs what it costs (`evidence.costs`). Everything used here is bound before the student's file is
loaded, so that it stays the original.
"""

from __future__ import annotations

from builtins import next, tuple  # noqa: UP029
from collections.abc import Callable
from itertools import count
from sys import settrace
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")


def counted(call: Callable[[], T]) -> tuple[T, int]:
    """What `call` returns, and how many steps it took."""
    steps = count()
    settrace(_Tracer((steps,)))  # type: ignore[arg-type]
    try:
        value = call()
    finally:
        settrace(None)
    return value, next(steps)


class _Tracer(tuple[Any]):
    """Of all frames. Nothing of it can be changed by who gets hold of it, as a generator's frame refers to it."""

    __slots__ = ()

    def __call__(self, frame: FrameType, event: str, argument: Any) -> _Tracer:
        if event == "call":  # or a generator goes on, whose frame student code could have changed meanwhile
            frame.f_trace_lines = True
            next(self[0])
        elif event == "line":
            next(self[0])
        return self
