"""Judging a scenario under many schedules: the player tells each different outcome, the suite judges it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from grader.player import wire
from grader.player.wire import RemoteException
from grader.results import Interleaving, Step, Verdict, Wait
from grader.sandbox.calls import CallPolicy
from grader.sandbox.outcomes import PlayerEndedError, StudentRaisedError, describe, place
from grader.sandbox.player import Reply
from grader.text import clean

from .feedback import Feedback
from .policies import AtOnce

_ORDERS = "the same result in whatever order the threads take turns"
_LEAVES_IT_TO_US = "code that leaves the order of its threads to the judge"
_STUCK = {
    "deadlock": "every thread to get on, in whatever order they take turns",
    "livelock": "every thread to come to its end",
}
_MOST_STEPS = 200
_ONCE = "an outcome did not come again when its schedule was repeated"
_UNSTEADY = "what makes your code go another way in the same order (chance, addresses, what earlier calls left behind)"
_OFTEN_ENOUGH = 2  # failures in schedules of their own, where code does not do the same in the same order


class ScheduleError(Exception):
    """Trouble of the harness with a schedule: never the student's failure."""


class SeenOnceError(ScheduleError):
    """A failure that did not come again, neither in the same order nor in another one."""


class Outcome:
    """What came of one schedule. May be asked for like an `Observation`."""

    def __init__(self, told: dict[str, Any]) -> None:
        """Raises ProtocolError unless it is one that the harness can have told."""
        self.ended = _text(told.get("ended", ""))
        self.what = _text(told.get("what", ""))
        self.raised: RemoteException | None = None
        self._value: Any = None
        if "too_big" in told:
            text = f"the result cannot be handed over: {_text(told['too_big'])}"
            self.raised = RemoteException("OverflowError", text, [], [])
        elif "exception" in told:
            self.raised = RemoteException.parse(told["exception"])
        elif not self.ended:
            self._value = wire.decode(told["value"])
        self.leftover_threads, self.leftover_tasks, self.never_awaited = (
            _integer(told.get(name, 0)) for name in ("threads", "tasks", "never_awaited")
        )
        self.blocked = [_text(place) for place in _list(told.get("blocked", []))]
        self.died = [RemoteException.parse(error) for error in _list(told.get("died", []))]
        self.makespan = float(_number(told.get("makespan", 0.0)))

    @property
    def value(self) -> Any:
        """What the scenario returned. Raises StudentRaisedError if it raised."""
        if self.raised is not None:
            raise StudentRaisedError(self.raised)
        return self._value


Judged = Callable[[Outcome], object]


class Exploration:
    """Hears of outcomes while schedules are explored, and concludes afterwards."""

    def __init__(self, judged: Judged, file: str, token: str, failed_before: bool = False) -> None:
        """`failed_before`: whether this has been explored before, with a failure that did not come again there."""
        self._judged, self._file, self._token = judged, file, token
        self._failed_before = failed_before
        self._heard = self._failures = 0
        self._stuck: Outcome | None = None
        self._failure: BaseException | None = None
        self._told: dict[str, Any] = {}
        self.calls: CallPolicy = AtOnce({"outcome": self._hear})

    def _hear(self, told: Any) -> bool:
        """Whether to go on. The last failure counts; the first ones may not have come again."""
        self._heard += 1
        try:
            outcome = Outcome(_dict(told))
        except (wire.ProtocolError, KeyError):
            self._failed(None, _forged())
            return False
        if outcome.ended:
            self._failed(outcome, None)
            return False
        try:
            self._judged(outcome)
        except Exception as e:
            self._failed(None, e)
            return False
        return True

    def _failed(self, stuck: Outcome | None, failure: BaseException | None) -> None:
        if not isinstance(self._failure, PlayerEndedError):
            self._stuck, self._failure = stuck, failure
        self._failures += 1

    # ------------------------------------------------------------------ afterwards

    def summary(self, reply: Reply) -> dict[str, Any]:
        """What the player says of the whole. Raises StudentRaisedError, PlayerEndedError."""
        if reply.raised is not None:
            raise StudentRaisedError(reply.raised)
        try:
            told = _dict(reply.value)
            for name in ("schedules", "covered", "steps", "told"):
                _integer(told[name])
        except (wire.ProtocolError, KeyError) as e:
            raise _forged() from e
        stopped, failed = told.get("stopped") is not None, self._failures > 0
        if not self._heard or self._heard != told["told"] or stopped != failed:
            raise _forged()
        return told

    def conclude(self, told: dict[str, Any]) -> None:
        """Raises what the exploration has found, if anything."""
        self._told = told
        if told["stopped"] is None and self._failed_before:
            raise SeenOnceError(_ONCE)
        if told["stopped"] is None:
            return
        try:
            found = self._found(_dict(told["stopped"]))
        except (wire.ProtocolError, KeyError) as e:
            raise _forged() from e
        raise found

    def _found(self, stopped: dict[str, Any]) -> BaseException:
        """What to raise. Raises ProtocolError, KeyError where the player cannot have told this."""
        if isinstance(self._failure, PlayerEndedError):
            return self._failure
        if self._stuck is not None and self._stuck.ended not in (*_STUCK, "misuse"):
            return ScheduleError(f"{self._stuck.ended}: {clean(self._stuck.what)}")
        steady = stopped["reproduced"] is True
        if not steady and self._failures + self._failed_before < _OFTEN_ENOUGH:
            return SeenOnceError(_ONCE)
        if self._stuck is not None and self._stuck.ended == "misuse":
            seen = f"your code used {clean(self._stuck.what, 200)}"
            return AssertionError(Feedback(_LEAVES_IT_TO_US, seen, verdict=Verdict.ERROR))
        token = f"{self._token}:{_text(stopped['token'])}" if steady else ""
        interleaving = self._interleaving(_dict(stopped["interleaving"]), token)
        if self._stuck is not None:
            return AssertionError(_hinting(self._of_stuck(self._stuck, interleaving), steady))
        return self._of_failure(interleaving, plain=stopped["plain"] is True, steady=steady)

    @staticmethod
    def _of_stuck(stuck: Outcome, interleaving: Interleaving) -> Feedback:
        waits = "; ".join(f"{interleaving.actors[wait.actor]} {wait.what}" for wait in interleaving.waits)
        seen = f"all come to a stop: {waits}" if stuck.ended == "deadlock" else f"{stuck.what}: {waits}"
        look_at = "what each of them waits for, and who should wake it"
        return Feedback(_STUCK[stuck.ended], seen, look_at, verdict=Verdict.DEADLOCK, interleaving=interleaving)

    def _of_failure(self, interleaving: Interleaving, *, plain: bool, steady: bool) -> BaseException:
        failure = self._failure
        assert failure is not None
        if isinstance(failure, AssertionError) and failure.args and isinstance(failure.args[0], Feedback):
            said = failure.args[0]
            verdict = Verdict.RACE if said.verdict is Verdict.FAIL and not plain else said.verdict
            return AssertionError(_hinting(replace(said, verdict=verdict, interleaving=interleaving), steady))
        if isinstance(failure, StudentRaisedError) and not plain:
            seen = f"in this order your code raised {describe(failure.raised)}"
            look_at = place(failure.raised, self._file)
            return AssertionError(
                _hinting(Feedback(_ORDERS, seen, look_at, None, Verdict.RACE, {}, interleaving), steady)
            )
        return failure

    def _interleaving(self, told: dict[str, Any], token: str) -> Interleaving:
        actors = [clean(_text(name), 60) for name in _list(told["actors"])]
        steps = [_step(row, len(actors)) for row in _list(told["rows"])[-_MOST_STEPS:]]
        waits = [_wait(row, len(actors)) for row in _list(told["waits"])[:20]]
        left_out = _integer(told["left_out"])
        return Interleaving(self._file, actors, steps, waits, left_out, clean(token, 20_000))

    def note(self) -> str:
        """What an exploration that found nothing has shown."""
        schedules, covered = self._told["schedules"], self._told["covered"]
        said = f"{schedules:,} {'schedule' if schedules == 1 else 'schedules'} tried"
        if covered >= 0:
            said += f", among them all with at most {covered} preemption{'' if covered == 1 else 's'}"
        return f"{said}."


def waited_outside(look_at: str) -> Feedback:
    """What is said of code that waits for something else than its own threads, where nobody else can then go on."""
    seen = "your code waited for something that the judge cannot follow, such as a pipe, a socket or a process"
    return Feedback(_LEAVES_IT_TO_US, seen, look_at, verdict=Verdict.ERROR)


def _hinting(said: Feedback, steady: bool) -> Feedback:
    """What is said of a failure, with a hint where the same order does not always lead there."""
    return said if steady else replace(said, look_at=f"{said.look_at}; {_UNSTEADY}" if said.look_at else _UNSTEADY)


def _forged() -> PlayerEndedError:
    seen = "What was told of the schedules is not what the harness can have told."
    return PlayerEndedError(Verdict.ERROR, seen, "code that reaches into the harness")


def _step(row: Any, actors: int) -> Step:
    actor, line, code, note = _list(row, 4)
    return Step(_index(actor, actors), _integer(line), clean(_text(code), 200), clean(_text(note), 400))


def _wait(row: Any, actors: int) -> Wait:
    actor, what = _list(row, 2)
    return Wait(_index(actor, actors), clean(_text(what), 300))


def _index(value: Any, length: int) -> int:
    if type(value) is not int or not 0 <= value < length:
        raise wire.ProtocolError("no such actor")
    return value


def _text(value: Any) -> str:
    if type(value) is not str:
        raise wire.ProtocolError("not a text")
    return value


def _number(value: Any) -> Any:
    if type(value) not in (int, float):
        raise wire.ProtocolError("not a number")
    return value


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise wire.ProtocolError("not an integer")
    return value


def _dict(value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise wire.ProtocolError("not a dictionary")
    return value


def _list(value: Any, length: int | None = None) -> list[Any]:
    if type(value) is not list or length not in (None, len(value)):
        raise wire.ProtocolError("not a list")
    return value
