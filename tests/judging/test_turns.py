"""Trouble of ours needs proof: the reference takes its turn between two of the file's."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from ctypes import c_double
from dataclasses import replace
from pathlib import Path

import pytest

from grader.catalogue import load_catalogue
from grader.judging import judge, recorder
from grader.judging.judge import Suite
from grader.results import ExerciseResult, Verdict
from grader.sandbox.job_time import JobTime
from grader.sandbox.sandbox import Sandbox
from tests.conftest import TINY

SUITE = Path("grader", "suites", "01_tiny", "double_all", "test_double_all.py")
ABOUT = Path("exercises", "01_tiny", "double_all", "exercise.toml")
SOLUTION = Path("solutions", "01_tiny", "double_all", "double_all.py")
RIGHT = (TINY / SOLUTION).read_bytes()
# What the file tells decides whether its check is in trouble: as where a suite believes what is told.
ASKS = "    told = student.run('doubled', items=ITEMS, calls=doubling()).value\n"
BELIEVES = f"{ASKS}    assert type(told) is list, 1 / 0\n"
NO_LIST = RIGHT + b"\n\ndouble = double_all\n\ndef double_all(items, f):\n    return 'no list'\n"


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A checkout of its own, to be changed."""
    return Path(shutil.copytree(TINY, tmp_path / "kit"))


def judged(kit: Path, sandbox: Sandbox, source: bytes, first_lines: str) -> ExerciseResult:
    """By a suite whose first check begins with these lines."""
    title = '"""Every item is doubled."""\n'
    (kit / SUITE).write_text((kit / SUITE).read_text().replace(title, f"{title}{first_lines}"))
    return Suite.collect(load_catalogue(kit).select(["double_all"])[0]).judge(source, sandbox, seed=1)


def test_trouble_that_only_ever_befalls_the_file_is_an_error(kit: Path, sandbox: Sandbox) -> None:
    result = judged(kit, sandbox, NO_LIST, BELIEVES)
    first, second = result.checks
    assert (first.verdict, first.points, second.verdict, result.max_score) == (Verdict.ERROR, 0, Verdict.SKIPPED, 3)
    assert "ZeroDivisionError" in first.seen
    (diagnosis,) = result.diagnoses
    assert (diagnosis.check, diagnosis.reference, diagnosis.decided) == (first.name, "was judged, and passes", "error")


@pytest.mark.parametrize("source", [RIGHT, NO_LIST], ids=["right", "wrong"])
def test_a_check_that_fails_with_everybody_is_ours(source: bytes, kit: Path, sandbox: Sandbox) -> None:
    result = judged(kit, sandbox, source, f"{ASKS}    1 / 0\n")
    assert {check.verdict for check in result.checks} == {Verdict.INFRA}
    assert result.max_score == 0
    assert "ZeroDivisionError" in result.diagnoses[0].reference


def test_what_no_machine_can_measure_stays_not_measurable(kit: Path, sandbox: Sandbox) -> None:
    lines = f"{ASKS}    from grader.evidence import NotMeasurableError\n    raise NotMeasurableError('Nobody can.')\n"
    result = judged(kit, sandbox, RIGHT, lines)
    assert {check.verdict for check in result.checks} == {Verdict.NOT_MEASURABLE}
    assert result.diagnoses[0].reference == "not_measurable: Nobody can."


def test_what_is_not_measurable_with_one_file_only_is_an_error(kit: Path, sandbox: Sandbox) -> None:
    lines = (
        f"{ASKS}    from grader.evidence import NotMeasurableError\n"
        "    if type(told) is not list: raise NotMeasurableError('Not with this one.')\n"
    )
    assert judged(kit, sandbox, NO_LIST, lines).checks[0].verdict is Verdict.ERROR


def test_passing_trouble_hurts_nobody(kit: Path, sandbox: Sandbox, tmp_path: Path) -> None:
    once = f"    import pathlib; m = pathlib.Path({str(tmp_path / 'once')!r})\n    m.exists() or (m.touch(), 1 / 0)\n"
    result = judged(kit, sandbox, RIGHT, f"{ASKS}{once}")
    assert (result.verdict, result.score, result.max_score) == (Verdict.PASS, 3, 3)
    assert (result.diagnoses[0].decided, "ZeroDivisionError" in result.diagnoses[0].seen) == ("pass", True)


def test_a_wrong_file_in_passing_trouble_is_as_wrong_as_before(kit: Path, sandbox: Sandbox, tmp_path: Path) -> None:
    once = f"    import pathlib; m = pathlib.Path({str(tmp_path / 'once')!r})\n    m.exists() or (m.touch(), 1 / 0)\n"
    assert judged(kit, sandbox, NO_LIST, f"{ASKS}{once}").checks[0].verdict is Verdict.FAIL


def test_without_a_reference_nothing_can_be_proven_and_that_is_told(kit: Path, sandbox: Sandbox) -> None:
    shutil.rmtree(kit / "solutions")
    result = judged(kit, sandbox, NO_LIST, BELIEVES)
    assert result.checks[0].verdict is Verdict.INFRA
    told = result.diagnoses[0].reference
    assert "no reference" in told and "not proven" in told and "from a checkout" in told


def test_the_reference_is_gone_with_its_turn(kit: Path, sandbox: Sandbox) -> None:
    before = set(Path(tempfile.gettempdir()).glob("concurrency-kit-*"))
    assert judged(kit, sandbox, NO_LIST, BELIEVES).diagnoses
    ours = f"concurrency-kit-{os.getpid()}-*"
    assert set(Path(tempfile.gettempdir()).glob(ours)) <= before


NAPS = b"""
def double_all(items, f):
    if items == [3600]:
        time.sleep(3600)
    return right(items, f)
"""


def naps(kit: Path, check: str) -> bytes:
    """A right solution that sleeps for an hour in this check, where no limit of the check's own would end it."""
    suite = kit / SUITE
    title = re.compile(rf'(def {check}.*\n    """.*"""\n)')
    suite.write_text(title.sub(r"\1    student.run('doubled', items=[3600], calls=doubling())\n", suite.read_text()))
    about = kit / ABOUT
    about.write_text(about.read_text() + "idle_s = 7200.0\n")
    return b"import time\n" + RIGHT + b"\nright = double_all\n" + NAPS


def test_a_job_has_a_time_of_its_own(kit: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "JOB_S", 1.0)
    result = judged(kit, sandbox, naps(kit, "test_values"), "")
    first, second = result.checks
    assert (first.verdict, second.verdict, result.max_score) == (Verdict.TIMEOUT, Verdict.TIMEOUT, 3)
    assert "used up the 1 s" in first.message and "not judged" in second.message
    assert result.diagnoses == []


def test_a_starved_file_gets_the_same_chance_as_the_reference(
    kit: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def starved_so_far(seconds: float, used: c_double | None) -> JobTime:
        time = JobTime(seconds, used)
        time.elapsed_s = 1e6
        return time

    monkeypatch.setattr(judge, "JobTime", starved_so_far)  # the file's; the recorder makes the reference's
    result = judged(kit, sandbox, RIGHT, "")
    assert (result.verdict, result.score, result.max_score) == (Verdict.PASS, 3, 3)
    assert "overloaded" in result.diagnoses[0].seen


def test_what_was_judged_until_then_counts(kit: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "JOB_S", 3.0)
    result = judged(kit, sandbox, naps(kit, "test_two_at_once"), "")
    assert [check.verdict for check in result.checks] == [Verdict.PASS, Verdict.TIMEOUT]
    assert (result.score, result.max_score) == (2, 3)


def test_what_was_judged_in_an_earlier_turn_stands(kit: Path, sandbox: Sandbox) -> None:
    suite = Suite.collect(load_catalogue(kit).select(["double_all"])[0])
    first = suite.judge(RIGHT, sandbox, seed=1)
    told = replace(first.checks[0], message="as it was")
    again = suite.judge(NO_LIST, sandbox, seed=1, judged=[told])
    assert (again.checks[0], again.checks[1].verdict) == (told, Verdict.FAIL)


def test_the_time_of_earlier_turns_counts(kit: Path, sandbox: Sandbox) -> None:
    suite = Suite.collect(load_catalogue(kit).select(["double_all"])[0])
    first = suite.judge(RIGHT, sandbox, seed=1)
    used = c_double(first.own_s)
    second = suite.judge(RIGHT, sandbox, seed=1, used=used)
    assert 0 < first.own_s < second.own_s == round(used.value, 3)
    spent = suite.judge(RIGHT, sandbox, seed=1, judged=first.checks[:1], used=c_double(recorder.JOB_S))
    assert [check.verdict for check in spent.checks] == [Verdict.PASS, Verdict.TIMEOUT]
