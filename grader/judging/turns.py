"""Trouble of ours needs proof from our side, as it costs no points: nobody may get it by what happens in a player.

Where a file cannot be judged, the reference takes its turn in the same place, and then the file once more: a passing
trouble hurts nobody, and what only ever befalls the file is not ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from grader.results import Check, Diagnosis, Verdict

_AT_FAULT = "With your file this could not be judged, however often it was tried, and with a right solution it could"
UNPROVEN = (
    "not tried, as no reference solution is installed here. So it is not proven that the trouble is ours: "
    "grade from a checkout of the kit, which has them"
)


def in_turns(
    first: Check, reference: Callable[[], Check] | None, again: Callable[[], Check]
) -> tuple[Check, Diagnosis]:
    """`first` is a check in trouble. What stands instead, once the reference and the file have had their turns."""
    if reference is None:
        return first, Diagnosis(first.name, first.message, UNPROVEN, first.verdict)
    control = reference()
    if control.verdict is not Verdict.PASS:
        return first, Diagnosis(first.name, first.message, told_of(control.verdict, control.message), first.verdict)
    second = again()
    decided = second if second.verdict.counts else _at_fault(second)
    return decided, Diagnosis(first.name, first.message, told_of(control.verdict, control.message), decided.verdict)


def told_of(verdict: Verdict, message: str) -> str:
    """What the reference came to, in a few words."""
    return "was judged, and passes" if verdict is Verdict.PASS else f"{verdict}: {message}"


def at_fault(seen: str) -> str:
    """What is said of a file that is in trouble each time, where the reference never is."""
    return f"{_AT_FAULT}: {seen}"


def _at_fault(check: Check) -> Check:
    expected, look_at = "a run that can be judged", "what your code does besides what the statement asks for"
    seen = at_fault(check.message)
    return replace(check, verdict=Verdict.ERROR, message=seen, expected=expected, seen=check.message, look_at=look_at)
