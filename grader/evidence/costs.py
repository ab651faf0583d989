"""What the student's code costs, as the kernel counts processor time: against other code, or other sizes, in one run.

The scenario calls `mark` where a stretch of work ends, with the name it is filed under; "" is for what is nobody's, as
making an input. The judge reads the clock of the player, all its processes together, before it answers.

    x = made(n)
    mark("")
    student.f(x)
    mark("yours")

Other work on the machine makes the same computation cost more, never less: so the least of several rounds counts, in
which what is compared takes turns. How much it is in seconds decides nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from grader.sandbox import processes
from grader.sandbox.calls import Call

from .feedback import NotMeasurableError, feedback
from .observation import Observation
from .policies import AtOnce


class Runs(Protocol):
    """A `student`, or the `stub`."""

    def run(self, scenario: str, calls: Any = None, **inputs: Any) -> Observation: ...


class Marks(AtOnce):
    """Answers calls of `mark`; `stretches` are the names, each with the seconds since the mark before."""

    def __init__(self) -> None:
        super().__init__({"mark": lambda name: None})
        self._before = 0.0
        self.stretches: list[tuple[Any, float]] = []

    def arrived(self, call: Call) -> None:
        now = processes.exact_cpu_s(call.pid)
        self.stretches.append((call.args[0] if len(call.args) == 1 else None, now - self._before))
        self._before = now
        super().arrived(call)


class Costs:
    """The least that each stretch has cost in any round, in seconds."""

    def __init__(self) -> None:
        self.least: dict[str, float] = {}

    def of(self, player: Runs, scenario: str, stretches: Sequence[str], **inputs: Any) -> Observation:
        """Runs it: it has to mark the ends of exactly these stretches, in this order. Otherwise fails the check."""
        marks = Marks()
        seen = player.run(scenario, calls=marks, **inputs)
        if seen.raised is None and [name for name, _ in marks.stretches] != list(stretches):
            expected = "every call of your code to come to its end and be told of"
            raise AssertionError(feedback(expected, "it was not", "whether your file changes what is not its own"))
        for name, seconds in marks.stretches:
            if name in stretches:
                self.least[name] = min(seconds, self.least.get(name, math.inf))
        return seen

    def times(self, name: str, other: str) -> float:
        """How many times as much the one has cost as the other."""
        if self.least[other] <= 0:
            raise NotMeasurableError("This machine does not tell so small amounts of processor time.")
        return self.least[name] / self.least[other]
