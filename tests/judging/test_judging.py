"""A hidden suite is collected once and judges many files."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from grader.catalogue import load_catalogue
from grader.errors import InputError
from grader.grading.digest import Digests
from grader.judging.judge import Suite
from grader.proving.solutions import read_solutions
from grader.results import Verdict
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.sandbox import Sandbox
from tests.conftest import TINY

ABOUT = Path("exercises", "01_tiny", "double_all", "exercise.toml")
SUITE = Path("grader", "suites", "01_tiny", "double_all", "test_double_all.py")
CATALOGUE = load_catalogue(TINY)
SOLUTIONS = read_solutions(CATALOGUE, CATALOGUE.select(["double_all"])[0])


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A checkout of its own, to be changed."""
    return Path(shutil.copytree(TINY, tmp_path / "kit"))


def collected(root: Path) -> Suite:
    return Suite.collect(load_catalogue(root).select(["double_all"])[0])


def test_each_file_is_judged_by_itself(sandbox: Sandbox) -> None:
    suite = collected(TINY)
    right, hangs = SOLUTIONS.reference, SOLUTIONS.flawed["lock_taken_twice"]
    verdicts = [suite.judge(source, sandbox, seed=1).verdict for source in (right, hangs, right)]
    assert verdicts == [Verdict.PASS, Verdict.DEADLOCK, Verdict.PASS]


FIXTURES_OF_EVERY_SCOPE = """

import pytest


@pytest.fixture(scope="session")
def of_the_session():
    return []


@pytest.fixture(scope="module")
def of_the_module(of_the_session):
    return []


@correctness
def test_first(of_the_session, of_the_module, student, rng):
    '''The first.'''
    assert not of_the_session and not of_the_module
    of_the_session.append(student)
    of_the_module.append(rng)


@correctness
def test_second(of_the_session, of_the_module):
    '''The second.'''
    assert not of_the_session and not of_the_module
"""


def test_nothing_of_one_check_is_left_for_the_next(kit: Path, sandbox: Sandbox) -> None:
    """Neither of the same file nor of the next: not even a fixture of the session."""
    with (kit / SUITE).open("a") as suite:
        suite.write(FIXTURES_OF_EVERY_SCOPE)
    about = (kit / ABOUT).read_text()
    (kit / ABOUT).write_text(about.replace("test_values = 2", "test_values = 2\ntest_first = 1\ntest_second = 1"))
    judge, right = collected(kit), SOLUTIONS.reference
    results = [judge.judge(right, sandbox, seed=1) for _ in range(2)]
    assert [result.verdict for result in results] == [Verdict.PASS] * 2, results


@pytest.mark.parametrize("phase", ["setup", "teardown"])
def test_an_error_around_a_check_is_no_pass(phase: str, kit: Path, sandbox: Sandbox) -> None:
    """It is the kit's own: no student has a hand in what a fixture does."""
    before, after = ("1 / 0", "pass") if phase == "setup" else ("pass", "1 / 0")
    fixture = f"import pytest\n\n\n@pytest.fixture(autouse=True)\ndef broken():\n    {before}\n    yield\n    {after}\n"
    (kit / SUITE).write_text(f"{(kit / SUITE).read_text()}\n\n{fixture}")
    result = collected(kit).judge(SOLUTIONS.reference, sandbox, seed=1)
    assert {check.verdict for check in result.checks} == {Verdict.INFRA}
    assert "ZeroDivisionError" in result.checks[0].message


MISTAKES = {
    "a line that fails": ("seen = student", "[][1]; seen = student", "(IndexError: list index out of range, in line "),
    "no such scenario": ('run("doubled"', 'run("tripled"', "scenarios.py has no tripled; it has Callback, doubled"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_of_a_suite_is_ours_and_has_a_place(name: str, kit: Path, sandbox: Sandbox) -> None:
    old, new, said = MISTAKES[name]
    (kit / SUITE).write_text((kit / SUITE).read_text().replace(old, new))
    result = collected(kit).judge(SOLUTIONS.reference, sandbox, seed=1)
    assert next(said in check.message for check in result.checks if check.verdict is Verdict.INFRA), result


DISAGREEMENTS = {
    "no points": ("test_two_at_once", "test_two", "test_two of {suite} has no points in {about}"),
    "no check": (
        "test_two_at_once",
        "test_two",
        "{about} gives points to test_two_at_once, which is no check of",
    ),
    "another kind": (
        "@correctness",
        "@concurrency",
        "test_values is marked concurrency in {suite}, and {about} names it",
    ),
    "no mark": ("@correctness\n", "", "test_values of {suite} needs exactly one of the marks correctness, "),
    "points again": ("@correctness", "@correctness(points=2)", "its points are written in exercise.toml"),
    "nothing to depend on": ('"test_values"', '"test_value"', "depends on test_value, which is not an earlier"),
}


@pytest.mark.parametrize("name", DISAGREEMENTS)
def test_suite_and_points_that_do_not_fit_are_told(name: str, kit: Path) -> None:
    old, new, said = DISAGREEMENTS[name]
    (kit / SUITE).write_text((kit / SUITE).read_text().replace(old, new))
    assert said.format(suite=kit / SUITE, about=kit / ABOUT) in collected(kit).trouble


def test_a_suite_that_cannot_be_imported_says_why(kit: Path) -> None:
    (kit / SUITE).write_text("import nothing_of_this_name\n")
    assert "No module named 'nothing_of_this_name'" in collected(kit).trouble


@pytest.fixture
def with_a_given_file(kit: Path) -> Path:
    """A checkout whose exercise hands out a file beside the stub."""
    (kit / ABOUT).with_name("twice.py").write_text("def twice(f):\n    return f\n")
    (kit / ABOUT).write_text('given = ["twice.py"]\n' + (kit / ABOUT).read_text())
    return kit


def test_what_is_given_lies_beside_the_file_that_is_judged(with_a_given_file: Path, sandbox: Sandbox) -> None:
    suite = collected(with_a_given_file)
    right = SOLUTIONS.reference
    assert suite.judge(b"from twice import twice\n" + right, sandbox, seed=1).verdict is Verdict.PASS
    assert suite.judge(b"from thrice import thrice\n" + right, sandbox, seed=1).verdict is Verdict.ERROR


def test_a_result_depends_on_what_is_given(with_a_given_file: Path) -> None:
    exercise = load_catalogue(with_a_given_file).select(["double_all"])[0]
    before = Digests(find_interpreter(), "bwrap").of(exercise, b"")
    (exercise.folder / "twice.py").write_text("def twice(f): ...")
    assert Digests(find_interpreter(), "bwrap").of(exercise, b"") != before


@pytest.mark.parametrize("name", ["once.py", "../double_all/double_all.py", "."])
def test_only_files_beside_the_stub_can_be_given(name: str, with_a_given_file: Path) -> None:
    about = with_a_given_file / ABOUT
    about.write_text(about.read_text().replace("twice.py", name))
    with pytest.raises(InputError, match=re.escape(name)):
        load_catalogue(with_a_given_file)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ("points.courage = {test_values = 1}", "points may be of the kinds correctness, concurrency, speedup, not"),
        ("points.correctness = 3", "points.correctness must be a table of checks and their points"),
        ("points.correctness = {}", "points.correctness must be a table of checks and their points"),
        ("points = {}", "points must name at least one check"),
        ("points.correctness = {values = 1}", "points.correctness names 'values', which cannot be a test"),
        ("points.correctness = {test_values = 0}", "points.correctness.test_values must be a number above 0"),
        (
            "points = {correctness = {test_values = 1}, speedup = {test_values = 1}}",
            "points names test_values twice, below correctness and below speedup",
        ),
    ],
)
def test_points_that_cannot_be_read_are_told(points: str, said: str, kit: Path) -> None:
    (kit / ABOUT).write_text(f'title = "T"\nsummary = "S"\ninterface = ["double_all"]\n{points}\n')
    with pytest.raises(InputError, match=re.escape(said)):
        load_catalogue(kit)
