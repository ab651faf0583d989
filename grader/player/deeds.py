"""Callables that ask the judge what to do, and do it in the process that has called: to be handed to workers."""

from __future__ import annotations

import errno
import queue
from collections.abc import Callable
from os import _exit, getpid, getppid, kill
from typing import Any

from .adversaries import EqualError, FalsyError
from .callbacks import Callback

_MODULUS = 2**31 - 1


class Deed(Callback):
    """`deed(*args)` does as the judge answers, and returns what comes of that; an answer that is no list is returned.

    Processes that are started afresh find it by its name. `luggage` goes wherever it is sent.
    """

    def __init__(self, name: str, path: str = "", luggage: bytes = b"") -> None:
        super().__init__(name, path)
        self._luggage = luggage

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), (self._name, self.path, self._luggage)

    def __call__(self, *args: Any) -> Any:
        said = super().__call__(*args)
        if type(said) is not list:
            return said
        name, *how = said
        return _DEEDS[name](self, *how)

    def _shift(self, value: int, bits: int) -> int:
        """A number too large for an answer."""
        return value << bits

    def _exit(self, status: int) -> None:
        _exit(status)

    def _kill(self, signal: int) -> None:
        kill(getpid(), signal)

    def _interrupt(self, signal: int) -> Any:
        """The process that has started this one gets the signal, while it waits for what the judge says next."""
        kill(getppid(), signal)
        return self("interrupted")

    def _fail(self, kind: str, text: str, times: int = 1) -> None:
        raise FAILURES[kind](text * times)


class Computation(Callback):
    """`computation(i)` is a number that nobody knows before. Every so many calls in a process, the judge is told."""

    def __init__(self, name: str, path: str = "", start: int = 1, rounds: int = 1, every: int = 1) -> None:
        super().__init__(name, path)
        self._how = (start, rounds, every)
        self._calls = 0

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), (self._name, self.path, *self._how)

    def __call__(self, i: int) -> int:
        start, rounds, every = self._how
        state = start + i
        for step in range(rounds):
            state = (state * start + step) % _MODULUS ^ step
        self._calls += 1
        if self._calls % every == 0:
            super().__call__()
        return state


# Such as careless code takes for its own, or for none, or cannot make again from their messages.
FAILURES: dict[str, Callable[[str], Exception]] = {
    "plain": ValueError,
    "end of file": EOFError,
    "broken pipe": BrokenPipeError,
    "timeout": TimeoutError,
    "runtime": RuntimeError,
    "empty": queue.Empty,
    "key": KeyError,
    "number and text": lambda text: OSError(errno.ENOENT, text),
    "five parts": lambda text: UnicodeDecodeError("ascii", b"\xff", 0, 1, text),
    "falsy": FalsyError,
    "equal": EqualError,
}

_DEEDS: dict[str, Callable[..., Any]] = {
    "shift": Deed._shift,
    "exit": Deed._exit,
    "kill": Deed._kill,
    "interrupt": Deed._interrupt,
    "fail": Deed._fail,
}
