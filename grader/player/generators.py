"""Inputs and receivers that log what is done to them: what exercises about generators are driven with.

    log = EventLog()
    letters = Source("letters", log, "ab")       # an iterator that can be closed
    left = Target("left", log, primed=True)      # a coroutine that can be sent to
    left.send(next(letters))
    left.close()
    log.events == [("letters", "next"), ("left", "send", "a"), ("left", "close")]

Neither is a real generator, as those hide what matters: that one was closed before it began, or twice, or by nobody but
the garbage collector. A scenario keeps every generator of the student's in a variable until it has read the log: one
that is dropped closes itself, and perhaps what it holds.

Everything used here is bound before the student's file is loaded, so that it stays the original.
"""

from __future__ import annotations

from builtins import BaseException, StopIteration, TypeError, isinstance, iter, list, sum, type  # noqa: UP029
from collections.abc import Callable, Iterable
from typing import Any

Event = tuple[Any, ...]


class EventLog:
    """What happened, in order. An event is a tuple of who, what and, where there is more to say, with which value."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def add(self, who: str, what: str, *value: Any) -> None:
        self._events.append((who, what, *value))

    @property
    def events(self) -> list[Event]:
        """A copy: what happens later, when something is garbage collected, say, is not in it."""
        return list(self._events)

    def count(self, who: str, what: str) -> int:
        """How often this happened to this one."""
        return sum(event[:2] == (who, what) for event in self._events)


class Source:
    """An iterator over `items`, endless ones too, that logs `next` (also when it has no more items) and `close`.

    It has no `send` or `throw`. An exception among the items is raised when its turn comes, and ends it.
    `close_raises` is raised by a `close` that comes before the end.
    """

    def __init__(
        self, name: str, log: EventLog, items: Iterable[Any], close_raises: BaseException | None = None
    ) -> None:
        self.pulled = 0
        """How many items were taken from it."""
        self.ended = False
        """Whether it is exhausted, closed, or has raised."""
        self._name, self._log, self._items, self._close_raises = name, log, iter(items), close_raises

    def __iter__(self) -> Source:
        return self

    def __next__(self) -> Any:
        self._log.add(self._name, "next")
        if not self.ended:
            for item in self._items:
                if isinstance(item, BaseException):
                    self.ended = True
                    raise item
                self.pulled += 1
                return item
        self.ended = True
        raise StopIteration

    def close(self) -> None:
        self._log.add(self._name, "close")
        _close(self, self._close_raises)


class Target:
    """A receiver like a coroutine, that logs `prime`, `send`, `throw` and `close`.

    It is primed by `next` or `send(None)`, unless made `primed`. A value that comes before is logged as `send unprimed`
    and raises TypeError. A value after that is answered by `answer(value)`, or None; what `answer` raises ends it.
    `close_raises` is raised by a `close` that comes before the end.
    """

    def __init__(
        self,
        name: str,
        log: EventLog,
        primed: bool = False,
        answer: Callable[[Any], Any] | None = None,
        close_raises: BaseException | None = None,
    ) -> None:
        self.primed = primed
        self.ended = False
        """Whether it was closed, or an exception has come out of it."""
        self._name, self._log, self._answer, self._close_raises = name, log, answer, close_raises

    def __iter__(self) -> Target:
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def send(self, value: Any) -> Any:
        if self.primed or self.ended:
            self._log.add(self._name, "send", value)
            return self._reply(value)
        if value is None:
            self._log.add(self._name, "prime")
            self.primed = True
            return None
        self._log.add(self._name, "send unprimed", value)
        raise TypeError("can't send non-None value to a just-started generator")

    def _reply(self, value: Any) -> Any:
        if self.ended:
            raise StopIteration
        if self._answer is None:
            return None
        try:
            return self._answer(value)
        except BaseException:
            self.ended = True
            raise

    def throw(self, thrown: type[BaseException] | BaseException, *rest: Any) -> Any:
        """Logs the exception, ends and raises it. `rest` is accepted as by generators: a value and a traceback."""
        error = thrown() if isinstance(thrown, type) else thrown
        self._log.add(self._name, "throw", error)
        self.ended = True
        raise error

    def close(self) -> None:
        self._log.add(self._name, "close")
        _close(self, self._close_raises)


def _close(closed: Source | Target, raises: BaseException | None) -> None:
    """As with a generator, only a close that comes before the end can fail."""
    had_ended, closed.ended = closed.ended, True
    if raises is not None and not had_ended:
        raise raises
