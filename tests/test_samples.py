"""The sample class, graded with the real command: every student gets the verdicts that samples/README.md tells of."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from .rungs import usable_rungs

CHECKOUT = Path(__file__).parent.parent
pytestmark = pytest.mark.slow  # a whole class: that the verdicts are these is shown on one Python

# For each exercise handed in: verdict, points and, if there are any, the first check that found something.
EXPECTED = {
    "kim_minjun": {
        "producer_consumer": "pass 13/13",
        "count_primes": "pass 10/10",
        "parallel_sum": "pass 11/11",
        "shared_image": "pass 11/11",
        "fetch_all": "pass 10/10",
        "running_average": "pass 10/10",
        "bounded_gather": "pass 11/11",
        "gevent_fetch": "pass 10/10",
    },
    "이서연": {
        "producer_consumer": "pass 13/13",
        "count_primes": "pass 10/10",
        "fetch_all": "pass 10/10",
        "running_average": "pass 10/10",
        "reactor": "pass 12/12",
        "mini_loop": "pass 12/12",
        "bounded_gather": "pass 11/11",
    },
    "okafor_chidi": {
        "count_primes": "pass 10/10",
        "fetch_all": "pass 10/10",
        "running_average": "pass 10/10",
        "post_office": "pass 10/10",
        "bounded_gather": "pass 11/11",
        "gevent_fetch": "pass 10/10",
    },
    "garcia_lucia": {
        "parallel_sum": "deadlock 5.5/11: test_large_results",
        "fetch_all": "fail 8/10: test_max_workers_at_once",
        "running_average": "pass 10/10",
        "reactor": "fail 8/12: test_long_lines",
    },
    "park_jiwon": {
        "fetch_all": "fail 9/10: test_never_more_than_max_workers",
        "running_average": "pass 10/10",
        "reactor": "fail 6/12: test_the_end",
    },
    "nguyen_lan": {
        "fetch_all": "pass 10/10",
        "mini_loop": "fail 2/12: test_futures",
        "bounded_gather": "fail 6/11: test_next_starts_at_once",
    },
    "정하은": {
        "fetch_all": "pass 10/10",
        "bounded_gather": "leak 7/11: test_nothing_is_left_behind",
        "gevent_fetch": "fail 9/10: test_duplicates_are_asked_once",
    },
    "schmidt_jonas": {
        "producer_consumer": "fail 9/13: test_failing_consumer",
        "count_primes": "pass 10/10",
        "shared_image": "leak 9/11: test_a_killed_worker",
    },
    "최수빈": {
        "producer_consumer": "deadlock 3/13: test_every_item_is_consumed_once",
        "fetch_all": "pass 10/10",
    },
    "haddad_omar": {
        "fetch_all": "pass 10/10",
        "bounded_gather": "timeout 0/11",
    },
    "tanaka_yuki": {
        "count_primes": "fail 4/10: test_workers_are_processes",
        "parallel_sum": "fail 0.5/11: test_sums",
        "shared_image": "fail 6/11: test_every_start_method",
        "fetch_all": "pass 10/10",
    },
    "lee_jiho": {
        "count_primes": "fail 7/10: test_work_is_balanced",
        "fetch_all": "pass 10/10",
        "running_average": "pass 10/10",
        "post_office": "fail 2/10: test_failures",
    },
    "rossi_giulia": {
        "running_average": "fail 9/10: test_memory_stays_constant",
        "bounded_gather": "pass 11/11",
        "gevent_fetch": "fail 0/10",
    },
    "johansson_elsa": {
        "count_primes": "error 0.5/10: test_counts_exactly",
        "fetch_all": "fail 7/10: test_keys_in_order_of_first_occurrence",
        "running_average": "fail 8/10: test_accuracy_over_many_numbers",
        "mini_loop": "timeout 1/12: test_futures",
    },
    "novak_petra": {
        "fetch_all": "error 0/10",
        "running_average": "pass 10/10",
    },
    "dubois_camille": {
        "fetch_all": "error 0/10",
        "running_average": "pass 10/10",
    },
    "silva_rafael": {
        "bounded_gather": "pass 11/11",
    },
    "smith_taylor": {
        "producer_consumer": "error 0/13",
        "count_primes": "error 0/10",
        "parallel_sum": "error 0/11",
        "shared_image": "error 0/11",
        "fetch_all": "error 0/10",
        "running_average": "error 0/10",
        "post_office": "error 0/10",
        "reactor": "error 0/12",
        "mini_loop": "error 0/12",
        "bounded_gather": "error 0/11",
        "gevent_fetch": "error 0/10",
    },
    "zhao_wei": {
        "fetch_all": "crash 0/10",
        "running_average": "pass 10/10",
    },
    "mueller_felix": {
        "fetch_all": "pass 10/10",
        "running_average": "error 8/10: test_accuracy_over_many_numbers",
    },
    "ivanova_daria": {
        "fetch_all": "pass 10/10",
        "running_average": "pass 10/10",
        "bounded_gather": "pass 11/11",
    },
}

# What must be told, somewhere in the result of that exercise.
TOLD = [
    ("novak_petra", "fetch_all", "SyntaxError"),
    ("novak_petra", "fetch_all", "line 7"),
    ("dubois_camille", "fetch_all", "does not define fetch_all"),
    ("silva_rafael", "fetch_all", "No fetch_all.py was handed in"),
    ("smith_taylor", "fetch_all", "this part is not written yet"),
    ("zhao_wei", "fetch_all", "ended the whole process (exit status 0) during the import"),
    ("mueller_felix", "running_average", "More than 16 MiB was printed"),
    ("haddad_omar", "bounded_gather", "still computing"),
    ("johansson_elsa", "fetch_all", "fetch_all (1).py was taken for fetch_all.py"),
    ("ivanova_daria", "bounded_gather", "concurrency_homework.ipynb cells 2, 11, 12, 14"),
    ("lee_jiho", "fetch_all", "lee_jiho.zip/과제/fetch_all.py"),
    ("정하은", "fetch_all", "과제 제출 (최종)/concurrency_hw/src/fetch/fetch_all.py"),
    ("garcia_lucia", "parallel_sum", "all waiting, and nobody left to wake them"),
    ("schmidt_jonas", "shared_image", "segment of shared memory"),
    ("tanaka_yuki", "shared_image", "through pipes"),
    ("lee_jiho", "post_office", "lee_jiho.zip/과제/post_office.py"),
]

NEEDS_GEVENT = {"gevent_fetch"}  # left out, with a sentence, where that is not installed
HAS_GEVENT = find_spec("gevent") is not None

Class = dict[str, dict[str, Any]]


@pytest.fixture
def graded(tmp_path: Path) -> Class:
    """The submissions of results.json, by student, on the strongest rung."""
    if all(usable.rung.unavailable or not usable.rung.isolates for usable in usable_rungs().values()):
        pytest.skip("this machine cannot isolate student code")
    command = [sys.executable, "-m", "grader", "grade", "samples/classroom", "--seed", "1", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "results.json").read_text("utf-8"))
    return {submission["student"]: submission for submission in results["submissions"]}


def test_the_class(graded: Class, subtests: pytest.Subtests) -> None:
    """One test, so that of several workers one only waits for the class to be graded."""
    assert sorted(graded) == sorted(EXPECTED)
    for student, expected in EXPECTED.items():
        with subtests.test("the verdicts", student=student):
            judgeable = {name: said for name, said in expected.items() if name not in NEEDS_GEVENT or HAS_GEVENT}
            judged = [result for result in graded[student]["exercises"] if result["file"]]
            assert {result["exercise"]: outcome(result) for result in judged} == judgeable
    for student, exercise, words in TOLD:
        with subtests.test("what is told", student=student, exercise=exercise):
            result = next(result for result in graded[student]["exercises"] if result["exercise"] == exercise)
            assert words in json.dumps(result, ensure_ascii=False)
    with subtests.test("a file of another name is mentioned"):
        assert graded["silva_rafael"]["notes"] == ["Not needed for any exercise being graded: fetch.py."]
    with subtests.test("what lies around is not mentioned"):
        assert graded["정하은"]["notes"] == []


def outcome(result: dict[str, Any]) -> str:
    """An exercise's result in the form used above."""
    found = [check["name"] for check in result["checks"] if check["verdict"] not in {"pass", "skipped"}]
    summary = f"{result['verdict']} {result['score']:g}/{result['max_score']:g}"
    return f"{summary}: {found[0]}" if found and result["score"] else summary
