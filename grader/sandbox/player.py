"""The judge's handle on one player: ask it to run a scenario, answer its calls, hold it to its limits, end it.

Everything happens in one thread and one loop: messages and calls as they arrive, and, whenever nothing arrives, a look
at the limits and at whether anything can still happen (see `stillness`).
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import select
import selectors
import shutil
import signal
import socket
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any, NoReturn

from grader.errors import InfrastructureError
from grader.player import namespaces, wire
from grader.player.wire import RemoteException
from grader.results import Verdict
from grader.text import clean

from . import cgroup, processes
from .budget import Budget
from .calls import Call, CallPolicy, CallServer, unread_bytes
from .cpu import CpuSampler, CpuUse
from .limits import MB, Limits
from .outcomes import PlayerEndedError
from .stillness import Stillness, StillnessWatch
from .zygote import Zygote

STUDENT_UID = 987_654  # what NOBODY inside is on the host when the judge is root: owns nothing
_START_S = 30.0
_PAUSES = (0.0005, 0.02)  # from, to: how long to wait for a message before looking at the processes
_SAMPLE_EVERY_S = 0.003
_SPIN_CPU_S = 0.4
_LEFTOVER_WALL_S = 5.0
_KEPT_OUTPUT = 64 * 1024
_HARNESS_OWN = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one scenario. `value` is plain data; `raised` is set instead when it ended with an exception."""

    value: Any = None
    raised: RemoteException | None = None
    calls: list[Call] = field(default_factory=list)
    cpu: CpuUse = field(default_factory=CpuUse)
    leftover_threads: int = 0
    leftover_processes: int = 0
    memory_growth_mb: float = 0.0
    stillness: frozenset[Stillness] = frozenset()


class Player:
    """Use as a context manager. Raises InfrastructureError when it cannot be started."""

    def __init__(self, zygote: Zygote, config: dict[str, Any], limits: Limits) -> None:
        self.limits = limits
        self._resources = contextlib.ExitStack()
        self._config = config
        self._exit_status: int | None = None
        self._frame: dict[str, Any] | None = None
        self._ended_because: PlayerEndedError | None = None
        self.output = bytearray()
        self._output_total = 0
        try:
            self._start(zygote)
        except BaseException:
            self._resources.close()
            raise

    # -------------------------------------------------------------- starting

    def _start(self, zygote: Zygote) -> None:
        self._control, control = socket.socketpair()
        self._link, link = socket.socketpair()
        reading, writing = os.pipe()
        for held in (self._control, self._link):
            self._resources.callback(held.close)
        self._resources.callback(os.close, reading)
        self._group = self._make_group()
        with contextlib.ExitStack() as theirs:
            theirs.callback(control.close)
            theirs.callback(link.close)
            theirs.callback(os.close, writing)
            self._supervisor = zygote.fork(control, link, writing, writing)
        self._resources.callback(self._take_down)
        for held in (self._control, self._link):
            held.settimeout(_START_S)
        try:
            self._introduce()
            listener = self._await_ready()
        except (OSError, EOFError, wire.ProtocolError) as e:
            raise InfrastructureError(f"a player could not be started ({e or type(e).__name__})") from e
        self._main = processes.descendants(self._supervisor)[-1]
        self._selector = selectors.DefaultSelector()
        self._resources.callback(self._selector.close)
        self._calls = CallServer(listener, self._selector)
        self._resources.callback(self._calls.close)
        self._output = reading
        for source, handler in (
            (self._control, self._on_control),
            (self._link, self._on_link),
            (reading, self._on_output),
        ):
            if isinstance(source, socket.socket):
                source.setblocking(False)
            self._selector.register(source, selectors.EVENT_READ, handler)
        self._control_frames = wire.FrameReader()

    def _make_group(self) -> cgroup.CGroup | None:
        try:
            group = cgroup.CGroup(self.limits)
        except OSError:
            return None
        self._resources.callback(group.close)
        return group

    def _introduce(self) -> None:
        """Sends the configuration; maps the ids of the new user namespace, which only its creator's owner can."""
        config = {**self._config, "rlimits": self.limits.rlimits(), "deny_memfd": self._group is None}
        if self._group is not None:
            self._group.add(self._supervisor)
        if self._config["isolate"]:
            config["root"] = {**config["root"], "tmp_mb": self.limits.disk_mb, "shm_mb": self.limits.disk_mb}
        else:
            config["scratch"] = tempfile.mkdtemp(prefix="concurrency-kit-scratch-")
            self._resources.callback(shutil.rmtree, config["scratch"], ignore_errors=True)
        self._link.sendall(wire.frame(config))
        if self._config["isolate"]:
            wire.receive(self._link)
            _map_ids(self._supervisor)
            self._link.sendall(wire.frame({"mapped": True}))

    def _await_ready(self) -> socket.socket:
        data, descriptors, _, _ = socket.recv_fds(self._control, 65536, 1)
        frames = wire.FrameReader()
        message = None
        while message is None:
            if not data:
                raise EOFError("it ended while it was being isolated")
            step, data = data[: frames.wanted()], data[frames.wanted() :]
            message = frames.feed(step)
            data = data or (b"" if message is not None else self._control.recv(frames.wanted()))
        if "failed" in message:
            raise InfrastructureError(clean(str(message["failed"]).strip()))
        self.enforced = message["enforced"]
        return socket.socket(fileno=descriptors[0])

    # -------------------------------------------------------------- requests

    def load(self, scenarios: str, module: str, interface: list[str]) -> RemoteException | None:
        """Loads the scenario's text and the student's `<module>.py`; returns what the import raised, if anything.

        Raises PlayerEndedError.
        """
        request = {"op": "load", "scenarios": scenarios, "module": module, "interface": interface}
        return self._ask(request, _AnswerNothing(), f"the import of {module}.py").raised

    def run(self, scenario: str, inputs: dict[str, Any], policy: CallPolicy, sample_cpu: bool = False) -> Reply:
        """Runs a function of the scenario with plain-data inputs. Raises PlayerEndedError."""
        encoded = {name: wire.encode(value) for name, value in inputs.items()}
        return self._ask({"op": "run", "scenario": scenario, "inputs": encoded}, policy, "the call", sample_cpu)

    def _ask(self, request: dict[str, Any], policy: CallPolicy, what: str, sample_cpu: bool = False) -> Reply:
        request["id"] = secrets.token_hex(8)
        self._calls.begin(policy)
        before, memory_before = self.cpu_s(), processes.peak_memory_mb(self._main)
        sampler = CpuSampler(self._supervisor, self._main) if sample_cpu else None
        self._send(request, what)
        stillness = self._converse(policy, Budget(self.limits, self), what, sampler)
        assert self._frame is not None
        message, self._frame = self._frame, None
        value, raised = self._open(message, request["id"], what)
        use = sampler.use(self.cpu_s() - before) if sampler else CpuUse(total=self.cpu_s() - before)
        growth = processes.peak_memory_mb(self._main) - memory_before
        threads, others = self._leftovers()
        return Reply(value, raised, self._calls.calls, use, threads, others, growth, stillness)

    def _send(self, request: dict[str, Any], what: str) -> None:
        if self._ended_because is not None:
            raise self._ended_because
        if select.select([self._control], [], [], 0)[0]:
            self._on_control()
            self._end(Verdict.ERROR, f"Something wrote to the harness's own channel before {what} was asked for.")
        self._control.setblocking(True)
        with contextlib.suppress(OSError):  # a player that has ended is noticed by the conversation
            self._control.sendall(wire.frame(request))
        self._control.setblocking(False)

    def _open(self, message: dict[str, Any], identity: str, what: str) -> tuple[Any, RemoteException | None]:
        if message.get("id") != identity:
            self._end(Verdict.ERROR, f"Something other than the harness wrote to its channel during {what}.")
        try:
            if "too_big" in message:
                said = clean(str(message["too_big"]), 200)
                return None, RemoteException("OverflowError", f"the result cannot be handed over: {said}", [], [])
            if "exception" in message:
                return None, RemoteException.parse(message["exception"])
            return wire.decode(message["value"]), None
        except (wire.ProtocolError, KeyError, RecursionError):
            self._end(Verdict.ERROR, f"The answer to {what} is not one the harness can have written.")

    # -------------------------------------------------------------- the loop

    def _converse(
        self, policy: CallPolicy, budget: Budget, what: str, sampler: CpuSampler | None
    ) -> frozenset[Stillness]:
        """Until the answer is there. Returns in which ways the player was found waiting."""
        watch = StillnessWatch(self._supervisor, self._main, self._nothing_under_way)
        shortest, longest = _PAUSES
        pause, cpu_then = shortest, None
        found: set[Stillness] = set()
        while self._frame is None:
            events = self._selector.select(min(pause, _SAMPLE_EVERY_S) if sampler else pause)
            for key, _ in events:
                key.data()
            if sampler:
                sampler.sample()
            if self._calls.refused:
                self._end(Verdict.ERROR, f"The callbacks were called {self._calls.refused}, during {what}.")
            if self._exit_status is not None and self._frame is None:
                self._end(*self._how_it_ended(what))
            if events:
                watch.reset()
                pause, cpu_then = shortest, None
                continue
            pause = min(pause * 2, longest)
            if trouble := budget.exceeded(what):
                self._end(*trouble)
            cpu_then = self.cpu_s() if cpu_then is None else cpu_then
            spinning = self.cpu_s() - cpu_then > _SPIN_CPU_S and any(call.open for call in self._calls.calls)
            stillness = Stillness.SPINNING if spinning else watch.look()
            if self._advance(policy, watch, stillness, what):
                found.add(stillness)
                watch.reset()
                pause, cpu_then = shortest, None
        return frozenset(found)

    def _advance(self, policy: CallPolicy, watch: StillnessWatch, stillness: Stillness, what: str) -> bool:
        """Lets the policy answer something if nobody will move otherwise; True if it did."""
        if stillness is Stillness.MOVING:
            return False
        if policy.when_quiet():
            return True
        if stillness is Stillness.PARKED and self._frame is None:
            self._end(*self._describe_deadlock(watch, what))
        return False

    def _nothing_under_way(self) -> bool:
        """No byte waits to be read, by us or by them."""
        return not self._selector.select(0) and not self._calls.unread_answers() and unread_bytes(self._control) == 0

    def _on_control(self) -> None:
        try:
            data = self._control.recv(min(65536, self._control_frames.wanted()))
            message = self._control_frames.feed(data) if data else None
        except BlockingIOError:
            return
        except (OSError, wire.ProtocolError):
            self._end(Verdict.ERROR, "Bytes that are not the harness's were written to its channel.")
        if not data:  # closed; how it ended comes from the supervisor
            self._selector.unregister(self._control)
        elif message is not None:
            if self._frame is not None:
                self._end(Verdict.ERROR, "More than one answer was written to the harness's channel.")
            self._frame = message

    def _on_link(self) -> None:
        try:
            self._exit_status = int(wire.receive(self._link)["exit"])
        except (OSError, EOFError, wire.ProtocolError, KeyError):
            self._exit_status = -int(signal.SIGKILL)
        self._selector.unregister(self._link)

    def _on_output(self) -> None:
        data = os.read(self._output, 65536)
        if not data:
            self._selector.unregister(self._output)
        self._output_total += len(data)
        self.output += data[: _KEPT_OUTPUT - len(self.output)]
        if self._output_total > self.limits.output_mb * MB:
            self._end(
                Verdict.ERROR,
                f"More than {self.limits.output_mb} MiB was printed.",
                "what is printed, and how often",
            )

    # -------------------------------------------------------------- endings

    def _end(self, verdict: Verdict, seen: str, look_at: str = "") -> NoReturn:
        """Ends the player and raises. Later requests raise the same."""
        self._ended_because = PlayerEndedError(verdict, seen, look_at)
        raise self._ended_because

    def _how_it_ended(self, what: str) -> tuple[Verdict, str, str]:
        status = self._exit_status or 0
        if self._group is not None and self._group.out_of_memory():
            return (
                Verdict.MEMORY,
                f"More than {self.limits.memory_mb} MiB of memory was used during {what}.",
                "what is kept",
            )
        number = -status if status < 0 else status - 128 if status > 128 else 0
        if number == signal.SIGXCPU:
            return Budget.cpu_verdict(self.limits, self.cpu_s(), what)
        if number:
            name = signal.Signals(number).name if number in {int(s) for s in signal.Signals} else str(number)
            return (
                Verdict.CRASH,
                f"The process was ended by signal {name} during {what}.",
                "what was running at that moment",
            )
        return (
            Verdict.CRASH,
            f"Your code ended the whole process (exit status {status}) during {what}.",
            "calls of os._exit, or whatever else ends the interpreter",
        )

    def _describe_deadlock(self, watch: StillnessWatch, what: str) -> tuple[Verdict, str, str]:
        tasks = watch.tasks()
        init_and_main = {task.pid for task in tasks}
        count = sum(1 for task in tasks if task.pid == self._main)
        workers = len(init_and_main) - (2 if self._config["isolate"] else 1)
        who = f"{count} thread{'s' if count != 1 else ''}" + (f" and {workers} more processes" if workers > 0 else "")
        seen = f"During {what} everything came to a stop for good: {who}, all waiting, and nobody left to wake them."
        return Verdict.DEADLOCK, seen, self._where_threads_wait()

    def _where_threads_wait(self) -> str:
        """Asks the interpreter for its threads' places (faulthandler) and keeps those in the student's own folder."""
        already = len(self.output)
        with contextlib.suppress(OSError):
            os.kill(self._main, signal.SIGUSR1)
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline and select.select([self._output], [], [], 0.1)[0]:
            self._on_output()
        text = bytes(self.output[already:]).decode("utf-8", "replace")
        del self.output[already:]
        places = re.findall(r'submission/([\w.]+)", line (\d+) in (\w+)', text)
        found = dict.fromkeys(
            f"line {line} of {clean(file, 60)}, in {clean(function, 60)}" for file, line, function in places
        )
        return "; ".join(list(found)[:6]) or "what each thread waits for"

    def _leftovers(self) -> tuple[int, int]:
        """Threads and processes still there after the answer, once everything that was ending has ended."""
        watch = StillnessWatch(self._supervisor, self._main, self._nothing_under_way)
        deadline, cpu_before = time.monotonic() + _LEFTOVER_WALL_S, self.cpu_s()
        pause = _PAUSES[0]
        while not watch.settled() and time.monotonic() < deadline and self.cpu_s() - cpu_before < _SPIN_CPU_S:
            for key, _ in self._selector.select(pause):
                key.data()
            if self._exit_status is not None:
                return 0, 0
            pause = min(2 * pause, _PAUSES[1])
        tasks = watch.tasks()
        threads = sum(1 for task in tasks if task.pid == self._main) - 1
        family = set(processes.descendants(self._main)[1:])
        orphans = {task.pid for task in tasks} - set(processes.descendants(self._supervisor)[:2]) - {self._main}
        others = [
            pid for pid in family | orphans if not any(own in processes.command_line(pid) for own in _HARNESS_OWN)
        ]
        return max(0, threads), len(others)

    def cpu_s(self) -> float:
        """CPU seconds of everything the player ever started."""
        return self._group.cpu_s() if self._group is not None else processes.tree_cpu_s(self._supervisor)

    @property
    def supervisor(self) -> int:
        return self._supervisor

    def _take_down(self) -> None:
        """Closing the link makes the supervisor end everything below it; its own end closes the other side."""
        with contextlib.suppress(OSError):
            self._link.shutdown(socket.SHUT_WR)
            self._link.settimeout(10)
            while self._link.recv(4096):
                pass
        with contextlib.suppress(OSError):
            os.kill(self._supervisor, signal.SIGKILL)

    def close(self) -> None:
        self._resources.close()

    def __enter__(self) -> Player:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class _AnswerNothing:
    """The policy while a module is imported: no callback exists yet."""

    now = 0.0

    def arrived(self, call: Call) -> None: ...
    def abandoned(self, call: Call) -> None: ...
    def when_quiet(self) -> bool:
        return False


def _map_ids(supervisor: int) -> None:
    """A judge that is root maps root, to build with, and NOBODY to an id that owns nothing; others map themselves."""
    uid, gid = os.getuid(), os.getgid()
    as_root = f"0 0 1\n{namespaces.NOBODY} {STUDENT_UID} 1"
    files = {
        "setgroups": "deny",
        "uid_map": as_root if uid == 0 else f"{namespaces.NOBODY} {uid} 1",
        "gid_map": as_root if uid == 0 else f"{namespaces.NOBODY} {gid} 1",
    }
    for name, text in files.items():
        with open(f"/proc/{supervisor}/{name}", "w") as file:
            file.write(text)
