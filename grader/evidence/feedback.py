"""What a failed check tells the student: expected, seen, where to look. Never the hidden input, never the answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.results import Interleaving, Timeline, Verdict


@dataclass(frozen=True, slots=True)
class Feedback:
    """The second half of a hidden suite's `assert`. Texts are completed to sentences by the reports."""

    expected: str
    seen: str
    look_at: str = ""
    timeline: Timeline | None = None
    verdict: Verdict = Verdict.FAIL
    numbers: dict[str, float] = field(default_factory=dict)
    interleaving: Interleaving | None = None


def feedback(
    expected: str,
    seen: str,
    look_at: str = "",
    show: Timeline | None = None,
    verdict: Verdict = Verdict.FAIL,
    **numbers: float,
) -> Feedback:
    """For `assert condition, feedback(...)`. `numbers` are shown as a small table, underscores in names as spaces."""
    named = {name.replace("_", " "): float(value) for name, value in numbers.items()}
    return Feedback(expected, seen, look_at, show, verdict, named)


class NotMeasurableError(Exception):
    """This machine cannot show what the check asks for; the text says why. Costs the student nothing."""
