"""One request to a player and all that happens until its answer is there.

Everything happens in one thread and one loop: messages and calls as they arrive, and, whenever nothing arrives, a look
at the limits and at whether anything can still happen (see `stillness`).
"""

from __future__ import annotations

import secrets
import time
from typing import Any

from grader.player import wire
from grader.player.wire import RemoteException
from grader.text import clean

from . import endings
from .budget import Budget
from .callers import CallersWatch
from .calls import CallPolicy
from .channels import LONGEST_PAUSE_S, SHORTEST_PAUSE_S, Channels
from .cpu import CpuSampler
from .job_time import Meter
from .launch import Launched
from .limits import EXPLORING_CPU_S, Limits
from .outcomes import PlayerEndedError
from .spinning import SpinWatch
from .stillness import Stillness, StillnessWatch

_SAMPLE_EVERY_S = 0.01
# What reading one request's calls and output may cost the judge; honest ones stay far below. More for more schedules.
_JUDGE_CPU_S = 2.0


class Conversation:
    """`what` names the request in texts; `sampler` is asked to look again and again, `callers` when nobody can move.

    `stillness`: see `Reply`.
    """

    def __init__(
        self,
        launched: Launched,
        channels: Channels,
        policy: CallPolicy,
        limits: Limits,
        what: str,
        sampler: CpuSampler | None,
        meter: Meter,
        spinning: SpinWatch,
        callers: CallersWatch | None = None,
    ) -> None:
        self._launched, self._channels, self._policy = launched, channels, policy
        self._what, self._sampler, self._meter, self._callers = what, sampler, meter, callers
        self._spinning = spinning
        self.stillness: set[Stillness] = set()
        self._reading_s, self._may_read_s = 0.0, _JUDGE_CPU_S * max(1.0, limits.cpu_s / EXPLORING_CPU_S)
        self._budget = Budget(limits, launched, meter.time)
        self._watch = StillnessWatch(
            launched.pids, launched.main, channels.nothing_under_way, meter.time, policy.patience_s, policy.seldom_s
        )
        self._pause_s = SHORTEST_PAUSE_S

    def hold(self, request: dict[str, Any]) -> tuple[Any, RemoteException | None]:
        """The value of the answer, or what was raised instead. Raises PlayerEndedError."""
        identity = secrets.token_hex(8)
        self._spinning.begin()
        self._channels.calls.begin(self._policy)
        self._channels.ask({**request, "id": identity}, self._what)
        self._something_happened()
        while self._channels.answer is None:
            arrived = self._read()
            if self._sampler is not None:
                self._sampler.sample()
            if not arrived:
                self._meter.time.look(self._waits_for_us)
            if trouble := self._budget.exceeded(self._what):
                raise self._ended(trouble)
            self._meter.require_rest()
            if arrived or self._advance():
                self._something_happened()
            else:
                self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        return self._open(self._channels.take_answer(), identity)

    def _something_happened(self) -> None:
        self._watch.reset()
        self._spinning.reset()
        self._pause_s = SHORTEST_PAUSE_S

    def _read(self) -> bool:
        """Waits a little for something to arrive and deals with it; whether anything did."""
        handlers = self._channels.wait(self._pause_s if self._sampler is None else min(self._pause_s, _SAMPLE_EVERY_S))
        for handle in handlers:
            began = time.thread_time()
            handle()
            self._reading_s += time.thread_time() - began
            if self._reading_s > self._may_read_s:
                raise endings.foul(f"During {self._what} the harness was sent more than it is willing to read.")
        if self._channels.calls.refused:
            raise endings.foul(f"During {self._what} there were {self._channels.calls.refused}.")
        if self._channels.exit_status is not None and self._channels.answer is None:
            raise endings.of_exit(self._launched, self._channels.exit_status, self._what)
        return bool(handlers)

    def _waits_for_us(self) -> bool:
        return self._holds_something() or not self._channels.nothing_under_way()

    def _holds_something(self) -> bool:
        return self._policy.holds or any(call.open for call in self._channels.calls.calls)

    def _advance(self) -> bool:
        """Lets the policy answer something if nobody will move otherwise; whether it did."""
        stillness = self._look()
        if stillness is Stillness.MOVING:
            return False
        if self._callers is not None:
            self._callers.look()
        if self._policy.when_quiet():
            self.stillness.add(stillness)
            return True
        if stillness is Stillness.PARKED and self._channels.answer is None:
            others = len(self._launched.others())
            raise self._ended(endings.of_deadlock(self._watch.tasks(), self._launched.main, others, self._what))
        return False

    def _look(self) -> Stillness:
        spinning = self._spinning.look() if self._holds_something() else None
        return spinning or self._watch.look()

    def _ended(self, because: PlayerEndedError) -> PlayerEndedError:
        """The same, unless it was for want of memory; with the places where threads are."""
        because = endings.of_memory(self._launched, self._what) or because
        dump = self._channels.printed.dump_of_threads(self._launched.main)
        return endings.with_places(because, dump, self._launched.submission)

    def _open(self, answer: dict[str, Any], identity: str) -> tuple[Any, RemoteException | None]:
        if answer.get("id") != identity:
            raise endings.foul(f"Something other than the harness wrote to its channel during {self._what}.")
        try:
            if "too_big" in answer:
                said = clean(str(answer["too_big"]), 200)
                return None, RemoteException("OverflowError", f"the result cannot be handed over: {said}", [], [])
            if "exception" in answer:
                return None, RemoteException.parse(answer["exception"])
            return wire.decode(answer["value"]), None
        except (wire.ProtocolError, KeyError, RecursionError) as e:
            seen = f"The answer to {self._what} is not one that the harness can have written."
            raise endings.foul(seen) from e
