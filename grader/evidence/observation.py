"""What the judge saw of one run, and the questions a suite asks about it."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Sequence
from typing import Any

from grader.player.wire import RemoteException
from grader.results import Span, Timeline, Verdict
from grader.sandbox import processes
from grader.sandbox.callers import Callers
from grader.sandbox.calls import Call
from grader.sandbox.cpu import CpuUse
from grader.sandbox.outcomes import StudentRaisedError, describe
from grader.sandbox.player import Reply
from grader.sandbox.stillness import Stillness
from grader.text import clean

from .feedback import NotMeasurableError, feedback

Label = Callable[[Call], str]


class Observation:
    """One finished run. Times are in the policy's `unit`."""

    def __init__(self, reply: Reply, unit: str, makespan: float) -> None:
        self._reply = reply
        self.unit = unit
        self.makespan = makespan

    @property
    def value(self) -> Any:
        """What the scenario returned. Raises StudentRaisedError (the check's verdict becomes `error`) if it raised."""
        if self._reply.raised is not None:
            raise StudentRaisedError(self._reply.raised)
        return self._reply.value

    @property
    def raised(self) -> RemoteException | None:
        """What the scenario raised, where a check is about that."""
        return self._reply.raised

    @property
    def cpu(self) -> CpuUse:
        return self._reply.cpu

    @property
    def callers(self) -> Callers:
        """The threads that waited for answers, attested by the kernel, where `student.run` was told to watch them."""
        return self._reply.callers

    @property
    def leftover_threads(self) -> int:
        """Threads still alive after the answer, the main thread not counted."""
        return self._reply.leftover_threads

    @property
    def leftover_processes(self) -> int:
        """Processes still alive after the answer. (Multiprocessing's own helpers have been told to end by then.)"""
        return self._reply.leftover_processes

    @property
    def memory_growth_mb(self) -> float:
        """The most memory the main process ever used, above what it had before the student's file, in MiB."""
        if self._reply.memory_growth_mb is None:
            raise NotMeasurableError("This system does not tell how much memory a process had in use at most.")
        return self._reply.memory_growth_mb

    @property
    def busy_waited(self) -> bool:
        """Whether processor time was burnt while every call was held by the judge."""
        return Stillness.SPINNING in self._reply.stillness

    @property
    def polled(self) -> bool:
        """Whether, while every call was held by the judge, threads woke up again and again only to look."""
        if not processes.PROVES_STOPS:
            raise NotMeasurableError("This system does not tell what threads wait for, nor which wake up.")
        return Stillness.POLLING in self._reply.stillness

    @property
    def would_wake(self) -> bool:
        """Whether, while every call was held by the judge, some thread waited with a time-out, however long."""
        return self.polled or Stillness.WAITING in self._reply.stillness

    def calls(self, name: str) -> list[Call]:
        """The calls of one callback, in the order they began."""
        return [call for call in self._reply.calls if call.name == name]

    def peak(self, *names: str) -> int:
        """The most calls of these callbacks that were open at the same moment."""
        moments: list[tuple[float, int]] = []
        for call in self._reply.calls:
            if call.name in names:
                moments.append((call.opened, 1))
                moments.append((float("inf") if call.closed is None else call.closed, -1))
        height = highest = 0
        for _, step in sorted(moments):
            height += step
            highest = max(highest, height)
        return highest

    def processes(self, name: str) -> int:
        """How many processes called, attested by the kernel."""
        return len({call.pid for call in self.calls(name)})

    def timeline(self, *names: str, label: Label | None = None, title: str = "") -> Timeline:
        """The calls of these callbacks (default: all) as spans, a track for every thread or task that called."""
        chosen = [call for call in self._reply.calls if not names or call.name in names]
        tracks = {caller: f"worker {n}" for n, caller in enumerate(dict.fromkeys(map(_caller, chosen)), 1)}
        spans = [self._span(call, tracks[_caller(call)], label or _default_label) for call in chosen[:400]]
        return Timeline(self.unit, spans, title)

    def _span(self, call: Call, track: str, label: Label) -> Span:
        ended = self.makespan if call.ended is None else call.ended
        return Span(track, _labelled(call, label), call.began, ended, call.failed or call.abandoned)


def expect_returned(seen: Observation, what: str, look_at: str = "") -> None:
    """Fails the check if the call raised where `what` was promised (`seen.value` alone would make that an `error`)."""
    if seen.raised is None:
        return
    if seen.raised.is_a("NotImplementedError"):
        raise StudentRaisedError(seen.raised)
    raise AssertionError(feedback(what, f"the call raised {describe(seen.raised)}", look_at))


def expect_raised(seen: Observation, kind: str, what: str, look_at: str = "") -> RemoteException:
    """Fails the check unless the call raised an exception of this class or below it; returns the exception."""
    if seen.raised is None:
        raise AssertionError(feedback(what, "the call returned as if nothing had happened", look_at))
    if seen.raised.is_a("NotImplementedError"):
        raise StudentRaisedError(seen.raised)
    if not seen.raised.is_a(kind):
        raise AssertionError(feedback(what, f"the call raised {describe(seen.raised)}", look_at))
    return seen.raised


def expect_one_thread(
    seen: Observation,
    promise: str,
    lines: Sequence[int] = (),
    file: str = "",
    look_at: str = "where they are started",
) -> None:
    """Fails the check if there was another thread, however soon it ended, or a process while nobody could move.

    Also if one is left. For runs with `watch_callers=True`. `lines` of the student's `file` have started threads, as
    far as Python tells (3.11 does not tell all); below 1 are those whose line is not known.
    """
    started = next((f", started from line {line} of {file}" for line in lines if line > 0), "")
    others = max(seen.callers.living, bool(started))
    assert others == 0, feedback(promise, f"{others} more threads or processes{started}", look_at)
    assert not seen.callers.came_and_went, feedback(promise, "one more, which has ended soon", look_at)
    left = seen.leftover_threads + seen.leftover_processes
    expect_none_left(left, promise, look_at, seen=f"still there{started}")


def expect_asleep(seen: Observation, who: str, state: str, after: str, look_at: str) -> None:
    """Fails the check if processor time was burnt where everybody had to wait, or if somebody woke up to look."""
    promise = f"no processor time used while {state}"
    assert not seen.busy_waited, feedback(promise, f"it was used, after: {after}", look_at)
    promise = f"{who} that nothing wakes up but its sockets"
    assert not seen.would_wake, feedback(promise, f"it waits with a time-out, after: {after}", look_at)


def expect_none_left(
    number: int, promise: str, look_at: str = "", show: Timeline | None = None, seen: str = "still there"
) -> None:
    """Fails the check as a leak unless `number`, of threads, tasks or coroutines never awaited, say, is 0."""
    assert number == 0, feedback(promise, f"{number} {seen}", look_at, show, Verdict.LEAK)


def _caller(call: Call) -> tuple[int, int, str]:
    return call.pid, call.thread, call.task


def _labelled(call: Call, label: Label) -> str:
    """By the suite's `label`, unless the student called with arguments that it did not foresee."""
    try:
        return clean(str(label(call)), 60)
    except Exception:
        return clean(_default_label(call), 60)


def _default_label(call: Call) -> str:
    return f"{call.name}({', '.join(reprlib.repr(argument) for argument in call.args[:5])})"
