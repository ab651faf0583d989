"""The judge's handle on one player: start it, ask it to run a scenario, end it."""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass, field
from typing import Any

from grader.player import wire
from grader.player.schedules.messages import Plan
from grader.player.wire import RemoteException

from . import processes
from .callers import Callers, CallersWatch
from .calls import Call, CallPolicy
from .channels import Channels
from .configure import Enclosing
from .conversation import Conversation
from .cpu import CpuSampler, CpuUse
from .job_time import JobTime, Meter
from .launch import Launched
from .leftovers import left_over
from .limits import Limits
from .network import Network
from .outcomes import PlayerEndedError
from .owntime import OwnTime
from .spinning import SpinWatch
from .stillness import PATIENCE_S, SELDOM_S, Stillness
from .zygote import Zygote


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one scenario. `value` is plain data; `raised` is set instead when it ended with an exception.

    `stillness`: in which ways the player was found waiting before the policy answered something. `callers`: which
    threads called, where that was asked for.
    """

    value: Any = None
    raised: RemoteException | None = None
    calls: list[Call] = field(default_factory=list)
    cpu: CpuUse = field(default_factory=CpuUse)
    leftover_threads: int = 0
    leftover_processes: int = 0
    memory_growth_mb: float | None = 0.0
    stillness: frozenset[Stillness] = frozenset()
    callers: Callers = field(default_factory=Callers)


class Player:
    """Use as a context manager. Raises InfrastructureError when it cannot be started.

    All that it is asked is charged to `job_time`.
    """

    def __init__(self, zygote: Zygote, enclosing: Enclosing, limits: Limits, job_time: JobTime) -> None:
        self.limits, self._job_time = limits, job_time
        self._ended_because: PlayerEndedError | None = None
        with contextlib.ExitStack() as resources:
            self._launched = resources.enter_context(contextlib.closing(Launched(zygote, enclosing, limits)))
            self._channels = resources.enter_context(contextlib.closing(Channels(self._launched)))
            self._memory_at_first = processes.peak_memory_mb(self._launched.main)
            self._tells_calls = processes.tells_calls(self._launched.main)
            self._spinning = SpinWatch(self._launched, self._channels.connections, job_time)
            self._resources = resources.pop_all()

    @property
    def supervisor(self) -> int:
        return self._launched.supervisor

    @property
    def network(self) -> Network:
        """Connections between the judge and the student's code."""
        return self._launched.network

    @property
    def output(self) -> bytearray:
        """The beginning of what was printed so far."""
        return self._channels.printed.kept

    def load(self, scenarios: str, module: str) -> Reply:
        """Loads the scenario's text and the student's `<module>.py`; the value is a list of the names it defines.

        Raises PlayerEndedError.
        """
        request = {"op": "load", "scenarios": scenarios, "module": module}
        return self._ask(request, _AnswerNothing(), f"the import of {module}.py")

    def run(
        self,
        scenario: str,
        inputs: dict[str, Any],
        policy: CallPolicy,
        sample_cpu: bool = False,
        watch_callers: bool = False,
    ) -> Reply:
        """Runs a function of the scenario with plain-data inputs. Raises PlayerEndedError."""
        request = {"op": "run", "scenario": scenario, "inputs": _encoded(inputs)}
        return self._ask(request, policy, "the call", sample_cpu, watch_callers)

    def explore(self, scenario: str, inputs: dict[str, Any], plan: Plan, policy: CallPolicy) -> Reply:
        """Runs it under many schedules, as `grader.player.schedules.explore` says. Raises PlayerEndedError."""
        request = {"op": "explore", "scenario": scenario, "inputs": _encoded(inputs), "plan": asdict(plan)}
        return self._ask(request, policy, "the call", limits=self.limits.for_exploring(plan.schedules))

    def _ask(
        self,
        request: dict[str, Any],
        policy: CallPolicy,
        what: str,
        sample_cpu: bool = False,
        watch_callers: bool = False,
        limits: Limits | None = None,
    ) -> Reply:
        """Once one request has ended the player, no other one is made: it ends the same way."""
        if self._ended_because is not None:
            raise self._ended_because
        meter = Meter(self._job_time, OwnTime(self._launched))
        try:
            self._job_time.require_rest()
            return self._replied(request, policy, what, sample_cpu, watch_callers, limits or self.limits, meter)
        except PlayerEndedError as e:
            self._ended_because = e
            raise
        finally:
            meter.charge()

    def _replied(
        self,
        request: dict[str, Any],
        policy: CallPolicy,
        what: str,
        sample_cpu: bool,
        watch_callers: bool,
        limits: Limits,
        meter: Meter,
    ) -> Reply:
        sampler = CpuSampler(self._launched.main) if sample_cpu else None
        watch = CallersWatch(self._launched.main, self._launched.pids, self._tells_calls) if watch_callers else None
        conversation = Conversation(
            self._launched, self._channels, policy, limits, what, sampler, meter, self._spinning, watch
        )
        value, raised = conversation.hold(request)
        total = meter.time.cpu_s
        cpu = sampler.use(total) if sampler else CpuUse(total=total)
        memory = self._memory_growth_mb()
        left = left_over(self._launched, self._channels, what, meter)
        stillness = frozenset(conversation.stillness)
        callers = watch.callers() if watch else Callers()
        calls = self._channels.calls.calls
        return Reply(value, raised, calls, cpu, left.threads, left.processes, memory, stillness, callers)

    def _memory_growth_mb(self) -> float | None:
        now = processes.peak_memory_mb(self._launched.main)
        return None if now is None or self._memory_at_first is None else now - self._memory_at_first

    def close(self) -> None:
        self._resources.close()

    def __enter__(self) -> Player:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _encoded(inputs: dict[str, Any]) -> dict[str, Any]:
    return {name: wire.encode(value) for name, value in inputs.items()}


class _AnswerNothing:
    """The policy while a module is imported: no callback exists yet."""

    now = 0.0
    patience_s, seldom_s = PATIENCE_S, SELDOM_S
    holds = False

    def arrived(self, call: Call) -> None: ...
    def abandoned(self, call: Call) -> None: ...
    def when_quiet(self) -> bool:
        return False
