"""Events that a scenario tells at the moment when they happen, in the order in which the judge heard of them.

The other side is `grader.player.generators`. What an input gives, and what the scenario does next, is the judge's
answer to a question: so it is known to nobody before it is asked for, and the question is an event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from grader.player.generators import FAILS

from .observation import Observation
from .policies import AtOnce

Event = tuple[Any, ...]
_QUESTIONS = ("next", "asks")


class Dialogue(AtOnce):
    """Answers each `event`. Who asks for the `next` of an input, or `asks` what to do, gets the next of `gives[who]`.

    The answer is `[item]`, or None when there are no more. An input whose name is in `failing` raises then instead.
    """

    def __init__(self, gives: Mapping[str, Iterable[object]], failing: Iterable[str] = ()) -> None:
        super().__init__({"event": self.answer_to})
        self._gives = {who: iter(items) for who, items in gives.items()}
        self._failing = frozenset(failing)

    def answer_to(self, who: object, what: object, *value: object) -> object:
        if what not in _QUESTIONS or not isinstance(who, str) or who not in self._gives:
            return None
        for item in self._gives[who]:
            return [item]
        return FAILS if who in self._failing else None


def events_of(seen: Observation) -> list[Event]:
    """What happened, in order: who, what and, where there is more to say, with which value."""
    return [tuple(call.args) for call in seen.calls("event") if not call.open]


def split_at(events: list[Event], mark: Event) -> list[list[Event]]:
    """The events before the first such mark, those before the next one, and so on, and those after the last."""
    parts: list[list[Event]] = [[]]
    for event in events:
        if event == mark:
            parts.append([])
        else:
            parts[-1].append(event)
    return parts
