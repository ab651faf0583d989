"""Whether the student's file uses Python's own classes for what it is to build itself.

Everything used here is bound before the student's file is loaded, so that it stays the original.
"""

from __future__ import annotations

from builtins import any, sorted, type
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import Queue, _PySimpleQueue  # type: ignore[attr-defined]
from sys import _getframe
from threading import Barrier, BoundedSemaphore, Event, Semaphore
from types import ModuleType
from typing import Any

_CLASSES: tuple[Any, ...] = (Barrier, BoundedSemaphore, Event, Future, Queue, Semaphore, _PySimpleQueue)


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
    def watching(self, student: ModuleType, scenarios: dict[str, Any]) -> Iterator[None]:
        """Notes of which classes the student's file, or a call in `scenarios` (their globals), makes an object.

        What Python's own modules make for themselves, as `Thread` does an `Event`, is nobody's mistake.
        """
        makers = (student.__dict__, scenarios)
        originals = [(kind, kind.__init__) for kind in _CLASSES]
        try:
            for kind, original in originals:
                kind.__init__ = self._noting(kind.__name__, original, makers)
            yield
        finally:
            for kind, original in originals:
                kind.__init__ = original

    def _noting(self, name: str, original: Any, makers: tuple[dict[str, Any], ...]) -> Any:
        def init(made: Any, *args: Any, **kwargs: Any) -> None:
            asking = _getframe(1).f_globals
            if any(asking is maker for maker in makers):
                self._found.add(name)
            original(made, *args, **kwargs)

        return init
