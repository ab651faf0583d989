"""When the judge answers the calls of its callbacks, and by which clock.

Replies are given as functions by callback name; they get the caller's arguments and return the answer. An exception
that is returned, or raised, is raised on the student's side.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping

from grader.sandbox.calls import Call
from grader.sandbox.stillness import PATIENCE_S, SELDOM_S

Replies = Mapping[str, Callable[..., object]]
Durations = Mapping[str, float | Callable[..., float]]


class AtOnce:
    """Every call is answered as it arrives. The clock counts events."""

    unit = "steps"
    patience_s, seldom_s = PATIENCE_S, SELDOM_S
    holds = False

    def __init__(self, replies: Replies) -> None:
        self._replies = replies
        self.now = 0.0

    def arrived(self, call: Call) -> None:
        self._reply(call)

    def abandoned(self, call: Call) -> None:
        self.now += 1

    def when_quiet(self) -> bool:
        return False

    def _reply(self, call: Call) -> None:
        self.now += 1
        reply(call, self._replies, self.now)


class VirtualTime:
    """A call lasts as long as `lasts` says, in virtual seconds, which pass only when nobody in the sandbox can move.

    So whatever could have started has started before any call ends: the peak of calls in flight and the makespan are
    exact, on any machine under any load, and follow from the student's code alone. Calls that last 0 are answered at
    once; calls due at the same time end one after another, in the order they began.

    `in_flight` lists how many calls were held each time before one was answered. `patience_s` is how long waits with a
    time-out are watched before time goes on: more than usual where a check is about polling. Who waits for longer than
    `seldom_s` at a time is not waited for: so it is known that nobody looks in between.
    """

    unit = "virtual seconds"
    holds = False

    def __init__(
        self, replies: Replies, lasts: Durations, patience_s: float = PATIENCE_S, seldom_s: float = SELDOM_S
    ) -> None:
        self.patience_s, self.seldom_s = patience_s, seldom_s
        self._replies = replies
        self._lasts = lasts
        self._due: list[tuple[float, int, Call]] = []
        self.in_flight: list[int] = []
        self.now = 0.0

    def arrived(self, call: Call) -> None:
        duration = self._duration(call)
        if duration > 0:
            self._due.append((self.now + duration, call.opened, call))
        else:
            reply(call, self._replies, self.now)

    def _duration(self, call: Call) -> float:
        lasts = self._lasts.get(call.name, 0)
        try:
            return float(lasts(*call.args)) if callable(lasts) else float(lasts)
        except Exception:  # the caller's arguments are not what the suite expects: then its reply says so, at once
            return 0.0

    def abandoned(self, call: Call) -> None:
        self._due = [entry for entry in self._due if entry[2] is not call]

    def when_quiet(self) -> bool:
        if not self._due:
            return False
        self.in_flight.append(len(self._due))
        entry = min(self._due, key=lambda due: due[:2])
        self._due.remove(entry)
        self.now = max(self.now, entry[0])
        reply(entry[2], self._replies, self.now)
        return True


class InStep(VirtualTime):
    """The same, but calls due at the same time end at the same moment: in fewer steps, where polling is waited out."""

    def when_quiet(self) -> bool:
        if not super().when_quiet():
            return False
        while self._due and min(self._due, key=lambda due: due[0])[0] <= self.now:
            super().when_quiet()
        return True


class InTurns(InStep):
    """The same; but once calls of so many `processes` are held nobody is waited for: nobody else could call.

    So many short turns cost little. Only those that are not full wait until nobody can move.
    """

    def __init__(self, replies: Replies, lasts: Durations, processes: int, patience_s: float = PATIENCE_S) -> None:
        super().__init__(replies, lasts, patience_s)
        self._processes = processes

    def arrived(self, call: Call) -> None:
        super().arrived(call)
        if len({held.pid for _, _, held in self._due}) >= self._processes:
            self.when_quiet()


class Rendezvous:
    """Calls of one callback wait for each other until `parties` are inside at once; then all go on, and later ones too.

    If nobody can move while fewer are inside, they are let go one by one, and `met` stays False. `alone`: so many of
    those that have met are let go one by one, too, each when nobody can move, before the rest are.
    """

    unit = "steps"
    patience_s, seldom_s = PATIENCE_S, SELDOM_S
    holds = False

    def __init__(self, parties: int, of: str, replies: Replies, alone: int = 0) -> None:
        self._parties, self._name, self._replies, self._alone = parties, of, replies, alone
        self._inside: list[Call] = []
        self.met = False
        self.now = 0.0

    def arrived(self, call: Call) -> None:
        self.now += 1
        if self.met or call.name != self._name:
            reply(call, self._replies, self.now)
            return
        self._inside.append(call)
        self.met = len(self._inside) >= self._parties
        if self.met and not self._alone:
            self._let_all_go()

    def _let_all_go(self) -> None:
        while self._inside:
            self._let_one_go()

    def _let_one_go(self) -> None:
        self.now += 1
        reply(self._inside.pop(0), self._replies, self.now)

    def abandoned(self, call: Call) -> None:
        self._inside = [other for other in self._inside if other is not call]

    def when_quiet(self) -> bool:
        if not self._inside:
            return False
        if self.met and not self._alone:
            self._let_all_go()
            return True
        self._alone -= self.met
        self._let_one_go()
        return True


def reply(call: Call, replies: Replies, now: float) -> None:
    """Answers `call` by its reply function. Exceptions of types that are not built in arrive as RuntimeError."""
    try:
        answer = replies[call.name](*call.args)
    except Exception as e:  # arguments the suite did not foresee: the caller's trouble, not ours
        answer = e
    if not isinstance(answer, BaseException):
        call.answer(answer, now)
    elif getattr(builtins, type(answer).__name__, None) is type(answer):
        call.fail(answer, now)
    else:
        call.fail(RuntimeError(str(answer)), now)
