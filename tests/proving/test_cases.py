"""Which solutions are judged, and what must come of them."""

from __future__ import annotations

from grader.catalogue import load_catalogue
from grader.proving import read_cases
from grader.proving.cases import choose
from grader.results import Verdict
from tests.conftest import TINY

CATALOGUE = load_catalogue(TINY)
CASES = read_cases(CATALOGUE, CATALOGUE.exercises)


def names(numbers: list[int]) -> list[str]:
    return [f"{CASES[n].role} {CASES[n].stem}" for n in numbers]


RIGHT = ["reference double_all", "alternative asyncio_threads", "alternative processes"]


def test_a_case_carries_its_source_and_what_must_come_of_it() -> None:
    assert names(choose(CASES, 1, right=False, sample=False)) == [
        *RIGHT,
        "stub double_all",
        "flawed in_completion_order",
        "flawed lock_taken_twice",
        "flawed serial",
    ]
    assert [case.must_pass for case in CASES] == [True, True, True, False, False, False, False]
    assert (CASES[5].caught_by, CASES[5].verdict) == ("test_values", Verdict.DEADLOCK)
    assert CASES[5].source.startswith(b'"""A lock is taken twice.')


def test_only_what_must_pass() -> None:
    assert names(choose(CASES, 1, right=True, sample=False)) == RIGHT


def test_a_sample_has_one_flaw_for_each_check() -> None:
    chosen = {tuple(names(choose(CASES, seed, right=False, sample=True))[4:]) for seed in range(50)}
    assert chosen == {("flawed in_completion_order", "flawed serial"), ("flawed lock_taken_twice", "flawed serial")}
