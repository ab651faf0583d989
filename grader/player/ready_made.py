"""Whether the student's file uses Python's own classes for what it is to build itself.

Everything used here is bound before the student's file is loaded, so that it stays the original.
"""

from __future__ import annotations

from builtins import next, setattr, sorted, type, vars  # noqa: UP029
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import Queue, _PySimpleQueue  # type: ignore[attr-defined]
from sys import _getframe
from threading import Barrier, BoundedSemaphore, Event, Semaphore
from types import CodeType, FunctionType
from typing import Any

from .schedules.libraries import is_library

_CLASSES: tuple[Any, ...] = (Barrier, BoundedSemaphore, Event, Future, Queue, Semaphore, _PySimpleQueue)
_METHODS: list[tuple[Any, str, FunctionType]] = [
    (kind, name, method)
    for kind in _CLASSES
    for name, method in vars(kind).items()
    if type(method) is FunctionType and name not in ("__enter__", "__exit__", "__repr__")
]
_THEIR_OWN = frozenset(method.__code__ for _, _, method in _METHODS)


class ReadyMade:
    """The names of the ready-made classes that were found in use."""

    def __init__(self) -> None:
        self._found: set[str] = set()

    @property
    def names(self) -> list[str]:
        return sorted(self._found)

    def look_at(self, thing: object) -> None:
        """The classes that this object is one of."""
        self._found.update(kind.__name__ for kind in _CLASSES if kind in type(thing).__mro__)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Notes the classes of which an object is made or used, unless a library does so for itself.

        As `Thread` does with an `Event`, which is nobody's mistake. All other code acts for the student.
        """
        try:
            for kind, name, method in _METHODS:
                setattr(kind, name, self._noting(kind, name, method))
            yield
        finally:
            for kind, name, method in _METHODS:
                setattr(kind, name, method)

    def _noting(self, kind: Any, name: str, method: FunctionType) -> Any:
        called = kind.__name__.removeprefix("_Py") if name == "__init__" else name

        def noting(made: Any, *args: Any, **kwargs: Any) -> Any:
            if not _for_itself(_getframe(1).f_code, called):
                self._found.add(next((known.__name__ for known in type(made).__mro__ if known in _CLASSES), ""))
            return method(made, *args, **kwargs)

        return noting


def _for_itself(code: CodeType, called: str) -> bool:
    """Whether one of these classes, or a library that uses this name, is at work: not what it was told to call."""
    return code in _THEIR_OWN or (called in code.co_names and is_library(code))
