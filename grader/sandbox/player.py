"""The judge's handle on one player: ask it to run a scenario, answer its calls, hold it to its limits, end it.

Everything happens in one thread and one loop: messages and calls as they arrive, and, whenever nothing arrives, a look
at the limits and at whether anything can still happen (see `stillness`).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import selectors
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from grader.player import wire
from grader.player.wire import RemoteException
from grader.results import Verdict
from grader.text import clean

from . import endings, processes
from .budget import Budget
from .calls import Call, CallPolicy, CallServer, refuse_descriptors, unread_bytes
from .configure import Enclosing
from .cpu import CpuSampler, CpuUse
from .launch import Launched
from .limits import EXPLORING, MB, Limits
from .outcomes import PlayerEndedError
from .stillness import PATIENCE_S, Stillness, StillnessWatch
from .zygote import Zygote

_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 0.0005, 0.02  # how long to wait for a message before looking at the processes
_SAMPLE_EVERY_S = 0.01
_SPIN_CPU_S, _SPIN_AGAIN_CPU_S = 0.4, 0.05  # burnt while all is held: that is spinning; once known, it shows sooner
_LEFTOVER_WALL_S = 5.0
_DUMP_S = 0.2
_SEND_S = 10.0
_KEPT_OUTPUT = 64 * 1024
# What reading one request's calls and output may cost the judge; honest ones stay far below. More for more schedules.
_JUDGE_CPU_S = 2.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one scenario. `value` is plain data; `raised` is set instead when it ended with an exception."""

    value: Any = None
    raised: RemoteException | None = None
    calls: list[Call] = field(default_factory=list)
    cpu: CpuUse = field(default_factory=CpuUse)
    leftover_threads: int = 0
    leftover_processes: int = 0
    memory_growth_mb: float | None = 0.0
    stillness: frozenset[Stillness] = frozenset()


class Player:
    """Use as a context manager. Raises InfrastructureError when it cannot be started."""

    def __init__(self, zygote: Zygote, enclosing: Enclosing, limits: Limits) -> None:
        self.limits = limits
        self.output = bytearray()
        self._launched = Launched(zygote, enclosing, limits)
        self._selector = selectors.DefaultSelector()
        self._calls = CallServer(self._launched.listener, self._selector)
        self._resources = contextlib.ExitStack()
        for resource in (self._launched, self._selector, self._calls):
            self._resources.callback(resource.close)
        self._answers = wire.FrameReader()
        self._answer: dict[str, Any] | None = None
        self._awaiting = False
        self._exit_status: int | None = None
        self._ended_because: PlayerEndedError | None = None
        self._printed = 0
        self._reading_s, self._may_read_s = 0.0, _JUDGE_CPU_S
        self._memory_at_first = processes.peak_memory_mb(self._launched.main)
        self._listen(self._launched.control, self._on_control)
        self._listen(self._launched.link, self._on_link)
        os.set_blocking(self._launched.output, False)  # what is printed can be taken back before we read it
        self._listen(self._launched.output, self._on_output)

    def _listen(self, source: socket.socket | int, handler: Callable[[], None]) -> None:
        if isinstance(source, socket.socket):
            source.setblocking(False)
            refuse_descriptors(source)
        self._selector.register(source, selectors.EVENT_READ, handler)

    @property
    def supervisor(self) -> int:
        return self._launched.supervisor

    def cpu_s(self) -> float:
        """CPU seconds of everything the player ever started."""
        return self._launched.cpu_s()

    # -------------------------------------------------------------- requests

    def load(self, scenarios: str, module: str) -> Reply:
        """Loads the scenario's text and the student's `<module>.py`; the value is a list of the names it defines.

        Raises PlayerEndedError.
        """
        request = {"op": "load", "scenarios": scenarios, "module": module}
        return self._ask(request, _AnswerNothing(), f"the import of {module}.py")

    def run(self, scenario: str, inputs: dict[str, Any], policy: CallPolicy, sample_cpu: bool = False) -> Reply:
        """Runs a function of the scenario with plain-data inputs. Raises PlayerEndedError."""
        request = {"op": "run", "scenario": scenario, "inputs": _encoded(inputs)}
        return self._ask(request, policy, "the call", sample_cpu)

    def explore(self, scenario: str, inputs: dict[str, Any], plan: dict[str, Any], policy: CallPolicy) -> Reply:
        """Runs it under many schedules, as `grader.player.schedules.explore` says. Raises PlayerEndedError."""
        request = {"op": "explore", "scenario": scenario, "inputs": _encoded(inputs), "plan": plan}
        return self._ask(request, policy, "the call", limits=self.limits.for_exploring(plan["schedules"]))

    def _ask(
        self,
        request: dict[str, Any],
        policy: CallPolicy,
        what: str,
        sample_cpu: bool = False,
        limits: Limits | None = None,
    ) -> Reply:
        request["id"] = secrets.token_hex(8)
        main = self._launched.main
        self._calls.begin(policy)
        limits = limits or self.limits
        self._reading_s, self._may_read_s = 0.0, _JUDGE_CPU_S * max(1.0, limits.cpu_s / EXPLORING["cpu_s"])
        cpu_before = self.cpu_s()
        sampler = CpuSampler(main) if sample_cpu else None
        self._send(request, what)
        budget = Budget(limits, self._launched)
        answer, stillness = self._converse(policy, what, sampler, budget)
        value, raised = self._open(answer, request["id"], what)
        total = self.cpu_s() - cpu_before
        cpu = sampler.use(total) if sampler else CpuUse(total=total)
        memory = self._memory_growth_mb()
        return Reply(value, raised, self._calls.calls, cpu, *self._leftovers(what), memory, stillness)

    def _memory_growth_mb(self) -> float | None:
        now = processes.peak_memory_mb(self._launched.main)
        return None if now is None or self._memory_at_first is None else now - self._memory_at_first

    def _send(self, request: dict[str, Any], what: str) -> None:
        control = self._launched.control
        if self._ended_because is not None:
            raise self._ended_because
        if self._has_something_to_say(control):
            self._end(endings.foul(f"Something wrote to the harness's channel before {what} was asked for."))
        self._awaiting = True
        control.settimeout(_SEND_S)
        with contextlib.suppress(OSError):  # a player that has ended, or does not read, is noticed by the conversation
            control.sendall(wire.frame(request))
        control.setblocking(False)

    @staticmethod
    def _has_something_to_say(control: socket.socket) -> bool:
        try:
            return bool(select.select([control], [], [], 0)[0] and control.recv(1, socket.MSG_PEEK))
        except OSError:  # out-of-band data, say
            return True

    def _open(self, answer: dict[str, Any], identity: str, what: str) -> tuple[Any, RemoteException | None]:
        if answer.get("id") != identity:
            self._end(endings.foul(f"Something other than the harness wrote to its channel during {what}."))
        try:
            if "too_big" in answer:
                said = clean(str(answer["too_big"]), 200)
                return None, RemoteException("OverflowError", f"the result cannot be handed over: {said}", [], [])
            if "exception" in answer:
                return None, RemoteException.parse(answer["exception"])
            return wire.decode(answer["value"]), None
        except (wire.ProtocolError, KeyError, RecursionError):
            self._end(endings.foul(f"The answer to {what} is not one that the harness can have written."))

    # -------------------------------------------------------------- the loop

    def _converse(
        self, policy: CallPolicy, what: str, sampler: CpuSampler | None, budget: Budget
    ) -> tuple[dict[str, Any], frozenset[Stillness]]:
        """Until the answer is there; returns it, and in which ways the player was found waiting meanwhile."""
        watch = StillnessWatch(self._launched.pids, self._launched.main, self._nothing_under_way, policy.patience_s)
        found: set[Stillness] = set()
        pause, cpu_then = _SHORTEST_PAUSE_S, None
        while self._answer is None:
            moved = self._handle_events(min(pause, _SAMPLE_EVERY_S) if sampler else pause, what)
            if sampler:
                sampler.sample()
            if trouble := budget.exceeded(what):
                self._end_with_places(endings.of_memory(self._launched, what) or trouble)
            if not moved:
                cpu_then = self.cpu_s() if cpu_then is None else cpu_then
                patience = _SPIN_AGAIN_CPU_S if Stillness.SPINNING in found else _SPIN_CPU_S
                stillness = Stillness.SPINNING if self._has_spun(cpu_then, patience) else watch.look()
                moved = self._advance(policy, watch, stillness, what)
                found |= {stillness} if moved else set()
            if moved:
                watch.reset()
                pause, cpu_then = _SHORTEST_PAUSE_S, None
            else:
                pause = min(pause * 2, _LONGEST_PAUSE_S)
        answer, self._answer, self._awaiting = self._answer, None, False
        return answer, frozenset(found)

    def _handle_events(self, pause: float, what: str) -> bool:
        """Waits up to `pause` seconds for something to arrive and deals with it; whether anything did."""
        events = self._selector.select(pause)
        for key, _ in events:
            began = time.thread_time()
            key.data()
            self._reading_s += time.thread_time() - began
            if self._reading_s > self._may_read_s:
                self._end(endings.foul(f"During {what} the harness was sent more than it is willing to read."))
        if self._calls.refused:
            self._end(endings.foul(f"During {what} there were {self._calls.refused}."))
        if self._exit_status is not None and self._answer is None:
            self._end(endings.of_exit(self._launched, self._exit_status, what))
        return bool(events)

    def _advance(self, policy: CallPolicy, watch: StillnessWatch, stillness: Stillness, what: str) -> bool:
        """Lets the policy answer something if nobody will move otherwise; True if it did."""
        if stillness is Stillness.MOVING:
            return False
        if policy.when_quiet():
            return True
        if stillness is Stillness.PARKED and self._answer is None:
            deadlock = endings.of_deadlock(watch.tasks(), self._launched.main, len(self._others()), what)
            self._end_with_places(endings.of_memory(self._launched, what) or deadlock)
        return False

    def _has_spun(self, cpu_then: float, patience: float) -> bool:
        return self.cpu_s() - cpu_then > patience and any(call.open for call in self._calls.calls)

    def _nothing_under_way(self) -> bool:
        """No byte waits to be read, by us or by them."""
        if self._selector.select(0):
            return False
        return not self._calls.unread_answers() and unread_bytes(self._launched.control) == 0

    def _on_control(self) -> None:
        try:
            data = self._launched.control.recv(min(65536, self._answers.wanted()))
            message = self._answers.feed(data)
        except (OSError, wire.ProtocolError):
            self._end(endings.foul("Bytes that are not the harness's were written to its channel."))
        if not data:  # closed; how the player ended comes from its supervisor
            self._selector.unregister(self._launched.control)
        elif message is not None:
            if self._answer is not None or not self._awaiting:
                self._end(endings.foul("More than one answer was written to the harness's channel."))
            self._answer = message

    def _on_link(self) -> None:
        try:
            self._exit_status = int(wire.receive(self._launched.link)["exit"])
        except (OSError, EOFError, wire.ProtocolError, KeyError):
            self._exit_status = -int(signal.SIGKILL)
        self._selector.unregister(self._launched.link)

    def _on_output(self) -> None:
        try:
            data = os.read(self._launched.output, 65536)
        except BlockingIOError:
            return
        if not data:
            self._selector.unregister(self._launched.output)
        self._printed += len(data)
        self.output += data[: _KEPT_OUTPUT - len(self.output)]
        if self._printed > self.limits.output_mb * MB:
            seen = f"More than {self.limits.output_mb} MiB was printed in one check."
            self._end(PlayerEndedError(Verdict.ERROR, seen, "debugging prints: take them out"))

    # -------------------------------------------------------------- endings

    def _end(self, because: PlayerEndedError) -> NoReturn:
        """No more requests: later ones raise the same."""
        self._ended_because = because
        raise because

    def _end_with_places(self, because: PlayerEndedError) -> NoReturn:
        self._end(endings.with_places(because, self._dump_of_threads(), self._launched.submission))

    def _dump_of_threads(self) -> str:
        """Where the main process's threads are, as its faulthandler writes it to standard error when asked."""
        already = len(self.output)
        with contextlib.suppress(OSError):
            os.kill(self._launched.main, signal.SIGUSR1)
        deadline = time.monotonic() + _DUMP_S
        while (left := deadline - time.monotonic()) > 0 and select.select([self._launched.output], [], [], left)[0]:
            try:
                data = os.read(self._launched.output, 65536)
            except BlockingIOError:
                continue
            self.output += data
            if not data or len(self.output) - already > _KEPT_OUTPUT:
                break
        text = bytes(self.output[already:]).decode("utf-8", "replace")
        del self.output[already:]
        return text

    def _leftovers(self, what: str) -> tuple[int, int]:
        """Threads and processes still there after the answer, once everything that was ending has ended."""
        watch = StillnessWatch(self._launched.pids, self._launched.main, self._nothing_under_way)
        deadline, cpu_before = time.monotonic() + _LEFTOVER_WALL_S, self.cpu_s()
        pause = _SHORTEST_PAUSE_S
        while not watch.settled() and time.monotonic() < deadline and self.cpu_s() - cpu_before < _SPIN_CPU_S:
            for key, _ in self._selector.select(pause):
                key.data()
            if self._exit_status is not None:
                self._end(endings.of_exit(self._launched, self._exit_status, f"what {what} had left running"))
            pause = min(2 * pause, _LONGEST_PAUSE_S)
        threads = sum(1 for task in watch.tasks() if task.pid == self._launched.main)
        return max(0, threads - 1), len(self._others())

    def _others(self) -> list[int]:
        """Living processes of the player besides the main one."""
        alive = {task.pid for task in processes.tasks(self._launched.pids())}
        return sorted(alive - {self._launched.main})

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
    patience_s = PATIENCE_S

    def arrived(self, call: Call) -> None: ...
    def abandoned(self, call: Call) -> None: ...
    def when_quiet(self) -> bool:
        return False
