"""Every flaw of the corpus is found within the default budget, and no right program is ever flagged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from grader.player.schedules.messages import Plan

from .programs import CASES, CORPUS, CorpusCase

SEEDS = (1, 2, 3)
FLAWED = [case for case in CASES if case.wanted != "right"]
RIGHT = [case for case in CASES if case.wanted == "right"]
EARLY = "early sleep"


def names(cases: list[CorpusCase]) -> list[object]:
    return [pytest.param(case, id=case.name) for case in cases]


@pytest.mark.slow  # one seed is tried on every Python: below
@pytest.mark.parametrize("case", names(FLAWED))
def test_every_flaw_is_found_with_every_seed(case: CorpusCase) -> None:
    for seed in SEEDS:
        plan = Plan(seed, sleeps_end_early=case.wanted == EARLY)
        found = case.explore(plan)
        assert found.kind == ("race" if case.wanted == EARLY else case.wanted)
        assert found.told["stopped"]["reproduced"]
        again = case.explore(replace(plan, replay=found.token))
        assert again.outcomes == found.outcomes[-1:]


def test_every_python_finds_the_same_after_as_many_schedules() -> None:
    """found.golden.json holds what was found with seed 1; it was the same on 3.11 to 3.14."""
    wanted = json.loads((CORPUS.parent / "found.golden.json").read_text())
    found = {}
    for case in FLAWED:
        finding = case.explore(Plan(1, sleeps_end_early=case.wanted == EARLY))
        found[case.name] = [finding.kind, finding.told["schedules"]]
    assert found == wanted


@pytest.mark.slow
@pytest.mark.parametrize("case", names(RIGHT))
def test_no_right_program_is_flagged(case: CorpusCase) -> None:
    for plan in (Plan(1), Plan(2, sleeps_end_early=True)):
        found = case.explore(plan)
        assert found.kind == "", found.outcomes[-1]


def test_a_sleep_is_no_join_only_if_it_may_end_early() -> None:
    case = next(case for case in FLAWED if case.wanted == EARLY)
    assert case.explore(Plan()).kind == ""


_TELL = """
import json, sys
from grader.player.schedules.messages import Plan
from tests.player.schedules.programs import CASES
found = {case.name: (case.explore(Plan(7, 100))) for case in CASES if case.name in sys.argv[1:]}
print(json.dumps({name: [f.kind, f.token, f.told["schedules"], f.told["steps"]] for name, f in found.items()}))
"""


def test_the_same_seed_finds_the_same_whatever_the_hash_seed() -> None:
    """Sets of threads and of futures have an order of their own; nothing else may depend on hashes."""
    told = set()
    for hash_seed in ("0", "1", "77"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        chosen = ["executors", "if_around_wait", "crossed_locks", "delayed_by_much", "bounded_buffer"]
        said = subprocess.run(
            [sys.executable, "-c", _TELL, *chosen], env=environment, capture_output=True, text=True, check=True
        )
        told.add(json.dumps(json.loads(said.stdout)))
    assert len(told) == 1
