"""Logged inputs and receivers behave like generators, and nothing that is done to them is missing from the log."""

from __future__ import annotations

import builtins
from collections.abc import Generator, Iterable, Iterator
from itertools import count, islice
from types import CodeType, FunctionType
from typing import Any

import pytest

from grader.player import generators
from grader.player.generators import EventLog, Source, Target


class HarmlessError(Exception):
    pass


@pytest.fixture
def log() -> EventLog:
    return EventLog()


def test_events_are_logged_in_order_across_all(log: EventLog) -> None:
    letters, left = Source("letters", log, "ab"), Target("left", log, primed=True)
    for letter in letters:
        left.send(letter)
    left.close()
    asked = ("letters", "next")
    assert log.events == [asked, ("left", "send", "a"), asked, ("left", "send", "b"), asked, ("left", "close")]
    assert (log.count("letters", "next"), log.count("left", "close"), log.count("left", "throw")) == (3, 1, 0)


def test_the_events_are_a_copy(log: EventLog) -> None:
    before = log.events
    log.add("somebody", "came")
    assert (before, log.events) == ([], [("somebody", "came")])


# ------------------------------------------------------------------ Source


def test_a_source_counts_what_is_taken_and_can_be_endless(log: EventLog) -> None:
    numbers = Source("numbers", log, count())
    assert (numbers.pulled, list(islice(numbers, 3)), numbers.pulled, numbers.ended) == (0, [0, 1, 2], 3, False)


def test_the_end_of_a_source_is_asked_for_but_not_counted(log: EventLog) -> None:
    empty = Source("empty", log, [])
    assert (list(empty), list(empty)) == ([], [])
    assert (empty.pulled, empty.ended, log.events) == (0, True, [("empty", "next")] * 2)


def test_a_closed_source_gives_nothing_more(log: EventLog) -> None:
    numbers = Source("numbers", log, count())
    next(numbers)
    numbers.close()
    assert (list(numbers), numbers.pulled, numbers.ended) == ([], 1, True)


def test_an_exception_among_the_items_is_raised_and_ends_the_source(log: EventLog) -> None:
    numbers = Source("numbers", log, [1, HarmlessError("now"), 2])
    assert next(numbers) == 1
    with pytest.raises(HarmlessError, match="now"):
        next(numbers)
    assert (list(numbers), numbers.pulled) == ([], 1)


def test_closing_an_exhausted_source_cannot_fail(log: EventLog) -> None:
    numbers = Source("numbers", log, [], close_raises=HarmlessError())
    list(numbers)
    numbers.close()
    assert log.count("numbers", "close") == 1


# ------------------------------------------------------------------ Target


def test_a_target_must_be_primed(log: EventLog) -> None:
    left = Target("left", log)
    with pytest.raises(TypeError):
        left.send(1)
    assert (left.primed, next(left), left.primed) == (False, None, True)
    left.send(2)
    assert log.events == [("left", "send unprimed", 1), ("left", "prime"), ("left", "send", 2)]


def test_priming_again_is_a_send(log: EventLog) -> None:
    next(Target("left", log, primed=True))
    assert log.events == [("left", "send", None)]


def test_a_target_answers_and_ends_with_what_the_answer_raises(log: EventLog) -> None:
    halves = Target("halves", log, primed=True, answer=lambda value: 10 / value)
    assert halves.send(5) == 2
    with pytest.raises(ZeroDivisionError):
        halves.send(0)
    with pytest.raises(StopIteration):
        halves.send(5)
    assert log.count("halves", "send") == 3


@pytest.mark.parametrize("thrown", [HarmlessError, HarmlessError("now")], ids=["class", "instance"])
def test_what_is_thrown_into_a_target_is_logged_and_comes_out(log: EventLog, thrown: Any) -> None:
    left = Target("left", log, primed=True)
    with pytest.raises(HarmlessError) as raised:
        left.throw(thrown)
    assert log.events == [("left", "throw", raised.value)]
    assert left.ended


def test_every_close_of_a_target_is_logged(log: EventLog) -> None:
    left = Target("left", log)
    left.close()
    left.close()
    assert (log.count("left", "close"), left.ended) == (2, True)


# ------------------------------------------------------------------ both


def _like(log: EventLog, kind: type[Source] | type[Target], **options: Any) -> Source | Target:
    return Source("it", log, count(), **options) if kind is Source else Target("it", log, primed=True, **options)


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
def test_the_garbage_collector_closes_neither(log: EventLog, kind: type[Source] | type[Target]) -> None:
    it = _like(log, kind)
    assert iter(it) is it
    next(it)
    del it
    assert log.count("it", "close") == 0


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
