"""Inputs and receivers behave like generators, and the judge hears of all that is done to them."""

from __future__ import annotations

import builtins
from collections.abc import Generator, Iterable, Iterator
from itertools import count, islice
from types import CodeType, FunctionType
from typing import Any

import pytest

from grader.player import generators
from grader.player.generators import FAILS, EventLog, Source, Target


class HarmlessError(Exception):
    pass


class Judge:
    """Hears what happens, and gives of each input what is left of it."""

    def __init__(self, **gives: Iterable[Any]) -> None:
        self._gives = {who: iter(items) for who, items in gives.items()}
        self.events: list[tuple[Any, ...]] = []

    def __call__(self, who: str, what: str, *value: Any) -> Any:
        self.events.append((who, what, *value))
        for item in self._gives.get(who, ()) if what == "next" else ():
            return item if item == FAILS else [item]
        return None

    def count(self, who: str, what: str) -> int:
        return sum(event[:2] == (who, what) for event in self.events)


@pytest.fixture
def judge() -> Judge:
    return Judge(letters="ab", numbers=count(), it=count())


@pytest.fixture
def log(judge: Judge) -> EventLog:
    return EventLog(judge)


def test_events_are_told_in_order_across_all(log: EventLog, judge: Judge) -> None:
    letters, left = Source("letters", log), Target("left", log, primed=True)
    for letter in letters:
        left.send(letter)
    left.close()
    asked = ("letters", "next")
    assert judge.events == [asked, ("left", "send", "a"), asked, ("left", "send", "b"), asked, ("left", "close")]


def test_what_happens_after_the_end_of_the_log_is_not_told(log: EventLog, judge: Judge) -> None:
    letters = Source("letters", log)
    log.end()
    letters.close()
    assert (list(letters), judge.events) == ([], [])


# ------------------------------------------------------------------ Source


def test_a_source_gives_what_is_answered_and_can_be_endless(log: EventLog, judge: Judge) -> None:
    numbers = Source("numbers", log)
    assert judge.events == []
    assert (list(islice(numbers, 3)), numbers.ended) == ([0, 1, 2], False)


def test_the_end_of_a_source_is_asked_for_each_time(log: EventLog, judge: Judge) -> None:
    empty = Source("empty", log)
    assert (list(empty), list(empty)) == ([], [])
    assert (empty.ended, judge.events) == (True, [("empty", "next")] * 2)


def test_a_closed_source_gives_nothing_more(log: EventLog) -> None:
    numbers = Source("numbers", log)
    next(numbers)
    numbers.close()
    assert (list(numbers), numbers.ended) == ([], True)


def test_a_source_raises_where_the_judge_says_so_and_ends() -> None:
    log = EventLog(Judge(numbers=[1, FAILS, 2]))
    numbers = Source("numbers", log, raises=HarmlessError("now"))
    assert next(numbers) == 1
    with pytest.raises(HarmlessError, match="now"):
        next(numbers)
    assert list(numbers) == []


def test_closing_an_exhausted_source_cannot_fail(log: EventLog, judge: Judge) -> None:
    empty = Source("empty", log, close_raises=HarmlessError())
    list(empty)
    empty.close()
    assert judge.count("empty", "close") == 1


# ------------------------------------------------------------------ Target


def test_a_target_must_be_primed(log: EventLog, judge: Judge) -> None:
    left = Target("left", log)
    with pytest.raises(TypeError):
        left.send(1)
    assert (left.primed, next(left), left.primed) == (False, None, True)
    left.send(2)
    assert judge.events == [("left", "send unprimed", 1), ("left", "prime"), ("left", "send", 2)]


def test_priming_again_is_a_send(log: EventLog, judge: Judge) -> None:
    next(Target("left", log, primed=True))
    assert judge.events == [("left", "send", None)]


def test_a_target_answers_and_ends_with_what_the_answer_raises(log: EventLog, judge: Judge) -> None:
    halves = Target("halves", log, primed=True, answer=lambda value: 10 / value)
    assert halves.send(5) == 2
    with pytest.raises(ZeroDivisionError):
        halves.send(0)
    with pytest.raises(StopIteration):
        halves.send(5)
    assert judge.count("halves", "send") == 3


@pytest.mark.parametrize("thrown", [HarmlessError, HarmlessError("now")], ids=["class", "instance"])
def test_what_is_thrown_into_a_target_is_told_and_comes_out(log: EventLog, judge: Judge, thrown: Any) -> None:
    left = Target("left", log, primed=True)
    with pytest.raises(HarmlessError) as raised:
        left.throw(thrown)
    assert judge.events == [("left", "throw", raised.value)]
    assert left.ended


def test_every_close_of_a_target_is_told(log: EventLog, judge: Judge) -> None:
    left = Target("left", log)
    left.close()
    left.close()
    assert (judge.count("left", "close"), left.ended) == (2, True)


# ------------------------------------------------------------------ both


def _like(log: EventLog, kind: type[Source] | type[Target], **options: Any) -> Source | Target:
    return Source("it", log, **options) if kind is Source else Target("it", log, primed=True, **options)


BOTH = pytest.mark.parametrize("kind", [Source, Target])


@BOTH
def test_only_the_first_close_can_fail(log: EventLog, kind: type[Source] | type[Target]) -> None:
    it = _like(log, kind, close_raises=HarmlessError())
    with pytest.raises(HarmlessError):
        it.close()
    it.close()
    with pytest.raises(StopIteration):
        next(it)


@BOTH
def test_the_garbage_collector_closes_neither(log: EventLog, judge: Judge, kind: type[Source] | type[Target]) -> None:
    it = _like(log, kind)
    assert iter(it) is it
    next(it)
    del it
    assert judge.count("it", "close") == 0


def test_a_target_has_all_a_generator_has_and_a_source_only_close(log: EventLog) -> None:
    assert [isinstance(_like(log, kind), Generator) for kind in (Source, Target)] == [False, True]


def test_all_builtins_used_are_bound_before_the_students_file_is_loaded() -> None:
    bound = {id(value) for value in vars(generators).values()}
    used = {name for code in _codes(vars(generators).values()) for name in code.co_names if hasattr(builtins, name)}
    assert {"StopIteration", "isinstance", "list"} <= used
    assert [name for name in used if id(getattr(builtins, name)) not in bound] == []


def _codes(values: Iterable[Any]) -> Iterator[CodeType]:
    """Of the module's own functions and methods, and all that is defined inside them."""
    for value in values:
        if isinstance(value, type) and value.__module__ == generators.__name__:
            yield from _codes(vars(value).values())
        elif isinstance(value, property):
            yield from _codes([value.fget])
        elif isinstance(value, FunctionType):
            yield from _codes([value.__code__])
        elif isinstance(value, CodeType) and value.co_filename == generators.__file__:
            yield value
            yield from _codes(value.co_consts)
