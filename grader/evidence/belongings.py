"""What a run has left of processes, open files and shared memory, and what it has sent: the kernel's word.

The scenario calls `look` before and after the student's code. So nothing need be known of what the interpreter and its
helpers have anyway: it is there both times.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.sandbox import processes
from grader.sandbox.calls import Call, CallPolicy
from grader.sandbox.processes import Belongings

from .feedback import NotMeasurableError, feedback
from .observation import Observation, expect_none_left


@dataclass(frozen=True, slots=True)
class Growth:
    """From one look to another one: see `Belongings`."""

    children: int
    descriptors: int
    segments: int | None
    shared_bytes: int
    written_bytes: int


class Looking:
    """Another policy, and a look at what the caller of `look` has, taken once nobody in the sandbox can move.

    By then all that was about to end by itself has ended; but an ended process is there until somebody waits for it.
    Calls of `at_once`, another name, are looked at as they arrive. `looks` are all that were taken, each with the pid
    of the caller, as the kernel says.
    """

    def __init__(self, policy: CallPolicy, at_once: str = "") -> None:
        self._policy, self._at_once = policy, at_once
        self._waiting: list[Call] = []
        self.looks: list[tuple[int, Belongings | None]] = []
        self.unit: str = getattr(policy, "unit", "steps")
        self.patience_s, self.seldom_s = policy.patience_s, policy.seldom_s

    @property
    def now(self) -> float:
        return self._policy.now

    @property
    def holds(self) -> bool:
        return self._policy.holds

    def arrived(self, call: Call) -> None:
        if call.name == self._at_once:
            self._look(call)
        elif call.name == "look":
            self._waiting.append(call)
        else:
            self._policy.arrived(call)

    def _look(self, call: Call) -> None:
        self.looks.append((call.pid, processes.belongings(call.pid)))
        call.answer(None, self.now)

    def abandoned(self, call: Call) -> None:
        if call in self._waiting:
            self._waiting.remove(call)
        else:
            self._policy.abandoned(call)

    def when_quiet(self) -> bool:
        if not self._waiting:
            return self._policy.when_quiet()
        while self._waiting:
            self._look(self._waiting.pop(0))
        return True

    def busiest_s(self) -> float:
        """CPU seconds of the process that had used most when it was looked at last, since the first look of all."""
        before, used = 0.0, {}
        for pid, had in self.looks:
            now = 0.0 if had is None else had.cpu_s
            before = before or now
            used[pid] = now - before if pid == self.looks[0][0] else now
        return max(used.values(), default=0.0)

    def growth(self) -> Growth:
        """From the first look to the last one. Fails the check where there were no two of the same process."""
        (first, before), (last, after) = (self.looks[0], self.looks[-1]) if self.looks else ((0, None), (0, None))
        assert len(self.looks) > 1 and first == last, feedback(
            "the call to come to its end", "it did not", "whether your file changes what is not its own"
        )
        if before is None or after is None:
            raise NotMeasurableError("This system does not tell what a process has open, nor what it has sent.")
        told = before.segments is not None and after.segments is not None
        return Growth(
            len(after.children - before.children),
            after.descriptors - before.descriptors,
            len((after.segments or frozenset()) - (before.segments or frozenset())) if told else None,
            after.shared_bytes - before.shared_bytes,
            after.written_bytes - before.written_bytes,
        )


def expect_nothing_left(looking: Looking, seen: Observation, segments: bool = False, files: bool = True) -> None:
    """Fails the check as a leak if the run has left a process or a thread; `files`: or an open file or pipe.

    `segments`: or shared memory, which a check asks for that is about it.
    Ask for the work itself before.
    """
    growth = looking.growth()
    expect_none_left(
        max(growth.children, seen.leftover_processes),
        "every process ended and joined when the call ends",
        look_at="who joins the workers, on each way out",
        seen="still there, or ended and never joined",
    )
    expect_none_left(
        seen.leftover_threads, "no thread left when the call ends", look_at="what you start besides workers"
    )
    if segments and growth.segments is None:
        raise NotMeasurableError(
            "Here the player shares a user with others, whose shared memory cannot be told from its own."
        )
    expect_none_left(
        growth.segments or 0,
        "every segment of shared memory unlinked when the call ends",
        look_at="who unlinks the segments, on each way out",
    )
    expect_none_left(
        max(0, growth.descriptors) if files else 0,
        "every pipe and file closed when the call ends",
        look_at="what still refers to queues, pipes or segments",
        seen="still open",
    )
