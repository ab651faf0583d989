"""Inputs and receivers that tell the judge what is done to them: what exercises about generators are driven with.

    log = EventLog(Callback("event"))
    letters = Source("letters", log)             # an iterator that can be closed
    left = Target("left", log, primed=True)      # a coroutine that can be sent to
    left.send(next(letters))
    left.close()

tells the judge of ("letters", "next"), ("left", "send", "a") and ("left", "close"), each at the moment when it happens:
nothing of it can be unsaid, or said to have come earlier. What a source gives is the judge's answer to being asked.

Neither is a real generator, as those hide what matters: that one was closed before it began, or twice, or by nobody but
the garbage collector. A scenario keeps every generator of the student's in a variable until it has ended the log: one
that is dropped closes itself, and perhaps what it holds.

Everything used here is bound before the student's file is loaded, so that it stays the original.
"""

from __future__ import annotations

from builtins import BaseException, StopIteration, TypeError, isinstance, list, type  # noqa: UP029
from collections.abc import Callable
from typing import Any

FAILS = "fails"


class EventLog:
    """Asks the judge with who, what and, where there is more to say, which value; until `end`, then nobody."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask
        self._ended = False

    def add(self, who: str, what: str, *value: Any) -> Any:
        """The judge's answer; None once the log has ended."""
        return None if self._ended else self._ask(who, what, *value)

    def begin(self) -> None:
        """Once more, after an end."""
        self._ended = False

    def end(self) -> None:
        """What happens later, when something is garbage collected, say, is not told."""
        self._ended = True


class Source:
    """An iterator that tells of `next` (also when it has no more items) and `close`, and gives what is answered.

    An answer is `[item]`, FAILS, or anything else for the end. It has no `send` or `throw`. `raises` is raised where
    the answer is FAILS, and ends it; `close_raises` by a `close` that comes before the end.
    """

    def __init__(
        self,
        name: str,
        log: EventLog,
        raises: BaseException | None = None,
        close_raises: BaseException | None = None,
    ) -> None:
        self.ended = False
        """Whether it is exhausted, closed, or has raised."""
        self._name, self._log, self._raises, self._close_raises = name, log, raises, close_raises

    def __iter__(self) -> Source:
        return self

    def __next__(self) -> Any:
        answer = self._log.add(self._name, "next")
        if not self.ended and isinstance(answer, list):
            return answer[0]
        failed, self.ended = not self.ended and answer == FAILS, True
        raise self._raises if failed and self._raises is not None else StopIteration

    def close(self) -> None:
        self._log.add(self._name, "close")
        _close(self, self._close_raises)


class Target:
    """A receiver like a coroutine, that tells of `prime`, `send`, `throw` and `close`.

    It is primed by `next` or `send(None)`, unless made `primed`. A value that comes before is told as `send unprimed`
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
        """Tells of the exception, ends and raises it. `rest` is accepted as by generators: a value and a traceback."""
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
