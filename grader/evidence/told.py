"""What a player tells of schedules, parsed: nothing is believed that the harness cannot have written.

`grader.player.schedules.messages` has the shapes. Student code shares the interpreter that writes them, so whatever has
another shape, or is larger than the harness makes it, is a ProtocolError.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from grader.player import wire
from grader.player.schedules import messages
from grader.player.wire import ProtocolError, RemoteException
from grader.results import Interleaving, Step, Wait
from grader.sandbox.outcomes import StudentRaisedError
from grader.text import clean

_ENDINGS = frozenset(ending.value for ending in messages.Ending)
_SCENARIO = messages.ToldScenario.__required_keys__
_RESULTS = messages.ToldScenario.__optional_keys__
_SHOWN_WAITS = 20
_TOKEN = re.compile(r"([0-9]+r?-[0-9x.]*)?")


class Outcome:
    """What came of one schedule. May be asked for like an `Observation`.

    `ended` is empty, or the value of an `Ending`, and `what` its details.
    """

    def __init__(self, told: Any) -> None:
        """Raises ProtocolError unless it is a `ToldOutcome`."""
        self.ended = self.what = ""
        self.raised: RemoteException | None = None
        self._value: Any = None
        self.leftover_threads = self.leftover_tasks = self.never_awaited = 0
        self.blocked: list[str] = []
        self.died: list[RemoteException] = []
        self.makespan = 0.0
        if type(told) is dict and "ended" in told:
            self._ending(_record(told, messages.ToldEnding.__required_keys__))
        else:
            self._scenario(_record(told, _SCENARIO, _RESULTS))

    def _ending(self, told: dict[str, Any]) -> None:
        self.ended, self.what = _text(told["ended"]), _text(told["what"], messages.MOST_WHAT)
        if self.ended not in _ENDINGS:
            raise ProtocolError("no such ending")

    def _scenario(self, told: dict[str, Any]) -> None:
        if len(told) != len(_SCENARIO) + 1:
            raise ProtocolError("more or less than one result")
        if "too_big" in told:
            text = f"the result cannot be handed over: {_text(told['too_big'])}"
            self.raised = RemoteException("OverflowError", text, [], [])
        elif "exception" in told:
            self.raised = RemoteException.parse(told["exception"])
        else:
            self._value = wire.decode(told["value"])
        self.leftover_threads, self.leftover_tasks = _count(told["threads"]), _count(told["tasks"])
        self.never_awaited = _count(told["never_awaited"])
        self.blocked = [_text(place, messages.MOST_PLACE) for place in _list(told["blocked"], messages.MOST_PLACES)]
        self.died = [RemoteException.parse(error) for error in _list(told["died"], messages.MOST_DIED)]
        self.makespan = _seconds(told["makespan"])

    @property
    def value(self) -> Any:
        """What the scenario returned. Raises StudentRaisedError if it raised."""
        if self.raised is not None:
            raise StudentRaisedError(self.raised)
        return self._value

    def forged(self, forge: Callable[[Any], Any]) -> Outcome:
        """The same, as if the scenario had returned something else; what did not return is left as it is."""
        if self.raised is not None or self.ended:
            return self
        other = copy(self)
        other._value = forge(self._value)
        return other


@dataclass(frozen=True, slots=True)
class Stop:
    """The schedule that an exploration stopped at: see `ToldStop`. The interleaving has neither file nor token."""

    token: str
    plain: bool
    reproduced: bool
    interleaving: Interleaving

    @classmethod
    def parse(cls, told: Any) -> Stop:
        """Raises ProtocolError unless it is a `ToldStop`."""
        told = _record(told, messages.ToldStop.__required_keys__)
        token = _text(told["token"])
        if not _TOKEN.fullmatch(token):
            raise ProtocolError("not a token")
        return cls(token, _truth(told["plain"]), _truth(told["reproduced"]), _interleaving(told["interleaving"]))


@dataclass(frozen=True, slots=True)
class Summary:
    """What an exploration comes to: see `ToldExploration`."""

    schedules: int
    covered: int
    steps: int
    told: int
    stopped: Stop | None

    @classmethod
    def parse(cls, told: Any) -> Summary:
        """Raises ProtocolError unless it is a `ToldExploration`."""
        told = _record(told, messages.ToldExploration.__required_keys__)
        covered = _integer(told["covered"])
        if not -1 <= covered <= messages.MOST_PREEMPTIONS:
            raise ProtocolError("more was covered than there is")
        schedules, steps, outcomes = (_count(told[name]) for name in ("schedules", "steps", "told"))
        if outcomes > schedules + 1:  # one more before the first or after the last, where something was replaced
            raise ProtocolError("more outcomes than schedules")
        stopped = Stop.parse(told["stopped"]) if told["stopped"] is not None else None
        return cls(schedules, covered, steps, outcomes, stopped)


def _interleaving(told: Any) -> Interleaving:
    told = _record(told, messages.ToldInterleaving.__required_keys__)
    actors = [_shown(name, messages.MOST_NAME) for name in _list(told["actors"])]
    steps = [_step(row, len(actors)) for row in _list(told["rows"], messages.MOST_ROWS)]
    waits = [_wait(row, len(actors)) for row in _list(told["waits"])]
    return Interleaving("", actors, steps, waits[:_SHOWN_WAITS], _count(told["left_out"]))


def _step(told: Any, actors: int) -> Step:
    actor, line, code, notes = _row(told, 4)
    return Step(
        _index(actor, actors), _count(line), _shown(code, messages.MOST_CODE), _shown(notes, messages.MOST_NOTES)
    )


def _wait(told: Any, actors: int) -> Wait:
    actor, what = _row(told, 2)
    return Wait(_index(actor, actors), _shown(what, messages.MOST_WAIT))


def _shown(told: Any, most: int) -> str:
    return clean(_text(told, most), most)


# ---------------------------------------------------------------------- parts; each raises ProtocolError


def _record(told: Any, names: frozenset[str], further: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A dictionary that has these keys, and of the further ones any."""
    if type(told) is not dict or not names <= told.keys() <= names | further:
        raise ProtocolError("not what was asked for")
    return told


def _list(told: Any, most: int = wire.MAX_ITEMS) -> list[Any]:
    if type(told) is not list or len(told) > most:
        raise ProtocolError("not a list, or too long")
    return told


def _row(told: Any, length: int) -> list[Any]:
    if type(told) is not list or len(told) != length:
        raise ProtocolError("not such a row")
    return told


def _text(told: Any, most: int = wire.MAX_TEXT) -> str:
    if type(told) is not str or len(told) > most:
        raise ProtocolError("not a text, or too long")
    return told


def _integer(told: Any) -> int:
    if type(told) is not int:
        raise ProtocolError("not an integer")
    return told


def _count(told: Any) -> int:
    if _integer(told) < 0:
        raise ProtocolError("not a count")
    return int(told)


def _index(told: Any, length: int) -> int:
    if _integer(told) not in range(length):
        raise ProtocolError("no such actor")
    return int(told)


def _seconds(told: Any) -> float:
    if type(told) not in (int, float) or not told >= 0:
        raise ProtocolError("not a time")
    return float(told)


def _truth(told: Any) -> bool:
    if type(told) is not bool:
        raise ProtocolError("neither true nor false")
    return told
