"""Callables that ask the judge what to do, and do it in the process that has called: to be handed to workers."""

from __future__ import annotations

from os import _exit, getpid, kill
from typing import Any

from .callbacks import Callback

_MODULUS = 2**31 - 1


class Deed(Callback):
    """`deed(*args)` does as the judge answers, and returns what comes of that; an answer that is no list is returned.

    Processes that are started afresh find it by its name.
    """

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

    def _compute(self, start: int, rounds: int) -> int:
        """So many rounds of arithmetic that lead to a number which nobody knows before; then the judge is told."""
        state = start
        for step in range(rounds):
            state = (state * start + step) % _MODULUS ^ step
        Callback("computed", self._path)()
        return state


_DEEDS = {"shift": Deed._shift, "exit": Deed._exit, "kill": Deed._kill, "compute": Deed._compute}
