"""Judging a scenario under many schedules: the player tells each different outcome, the suite judges it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from grader.player.wire import ProtocolError
from grader.results import Interleaving, Verdict
from grader.sandbox.calls import CallPolicy
from grader.sandbox.outcomes import PlayerEndedError, StudentRaisedError, describe, place
from grader.sandbox.player import Reply
from grader.text import clean

from .feedback import Feedback
from .policies import AtOnce
from .told import Outcome, Stop, Summary

_ORDERS = "the same result in whatever order the threads take turns"
_LEAVES_IT_TO_US = "code that leaves the order of its threads to the judge"
_STUCK = {
    "deadlock": "every thread to get on, in whatever order they take turns",
    "livelock": "every thread to come to its end",
}
_ONCE = "an outcome did not come again when its schedule was repeated"
_UNSTEADY = "what makes your code go another way in the same order (chance, addresses, what earlier calls left behind)"
_MOST_OF_TOKEN = 20_000
_OFTEN_ENOUGH = 2  # failures in schedules of their own, where code does not do the same in the same order


class ScheduleError(Exception):
    """Trouble of the harness with a schedule: never the student's failure."""


class SeenOnceError(ScheduleError):
    """A failure that did not come again, neither in the same order nor in another one."""


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
        self.calls: CallPolicy = AtOnce({"outcome": self._hear})

    def _hear(self, told: Any) -> bool:
        """Whether to go on. The last failure counts; the first ones may not have come again."""
        self._heard += 1
        try:
            outcome = Outcome(told)
        except ProtocolError:
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

    def summary(self, reply: Reply) -> Summary:
        """What the player says of the whole. Raises StudentRaisedError, PlayerEndedError."""
        if reply.raised is not None:
            raise StudentRaisedError(reply.raised)
        try:
            summary = Summary.parse(reply.value)
        except ProtocolError as e:
            raise _forged() from e
        stopped, failed = summary.stopped is not None, self._failures > 0
        if not self._heard or self._heard != summary.told or stopped != failed:
            raise _forged()
        return summary

    def conclude(self, summary: Summary) -> None:
        """Raises what the exploration has found, if anything."""
        if summary.stopped is not None:
            raise self._found(summary.stopped)
        if self._failed_before:
            raise SeenOnceError(_ONCE)

    def _found(self, stopped: Stop) -> BaseException:
        """What to raise."""
        if isinstance(self._failure, PlayerEndedError):
            return self._failure
        if self._stuck is not None and self._stuck.ended not in (*_STUCK, "misuse"):
            return ScheduleError(f"{self._stuck.ended}: {clean(self._stuck.what)}")
        steady = stopped.reproduced
        if not steady and self._failures + self._failed_before < _OFTEN_ENOUGH:
            return SeenOnceError(_ONCE)
        if self._stuck is not None and self._stuck.ended == "misuse":
            seen = f"your code used {clean(self._stuck.what, 200)}"
            return AssertionError(Feedback(_LEAVES_IT_TO_US, seen, verdict=Verdict.ERROR))
        token = clean(f"{self._token}:{stopped.token}", _MOST_OF_TOKEN) if steady else ""
        interleaving = replace(stopped.interleaving, file=self._file, token=token)
        if self._stuck is not None:
            return AssertionError(_hinting(self._of_stuck(self._stuck, interleaving), steady))
        return self._of_failure(interleaving, plain=stopped.plain, steady=steady)

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


def note_of(summaries: Sequence[Summary]) -> str:
    """What explorations that found nothing have shown; empty where there was none."""
    if not summaries:
        return ""
    schedules, covered = sum(one.schedules for one in summaries), min(one.covered for one in summaries)
    said = f"{schedules:,} {'schedule' if schedules == 1 else 'schedules'} tried"
    if len(summaries) > 1:
        said += f" in {len(summaries)} cases"
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
