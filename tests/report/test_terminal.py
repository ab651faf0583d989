"""The terminal summary fits, is plain where it must be, and shows a student's text as text."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from grader.report import render_plain, render_summary
from grader.results import ClassResults, Diagnosis, SubmissionResult, Verdict
from tests.class_results import TITLES, right, sample_class, wrong


def shown(results: ClassResults, width: int = 120, terminal: bool = True) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=width, color_system=None)
    render_summary(results, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def two_students() -> ClassResults:
    submissions = [SubmissionResult("ada", [right("run_all")]), SubmissionResult("bo", [wrong("run_all")])]
    return replace(sample_class([]), submissions=submissions)


def test_plain_has_a_line_for_each_result() -> None:
    assert render_plain(two_students()).splitlines() == [
        "student  exercise  score  verdict",
        "ada      run_all   12/12  passed",
        "ada      total     12/12",
        "bo       run_all   3/12   race",
        "bo       total     3/12",
        "",
        "Class mean: 62 % of the points, 2 students.",
        "Most students lost points on:",
        "  run_all: All callables are inside at the same time (1 of 2 students: failed)",
        "  run_all: The total is the same at every instant (1 of 2 students: race)",
    ]


def test_a_pipe_gets_the_plain_form() -> None:
    assert shown(sample_class(), width=40, terminal=False) == render_plain(sample_class())
    assert not set("│─┃━╭╰\x1b") & set(render_plain(sample_class()))


def test_a_terminal_gets_a_table() -> None:
    text = shown(two_students())
    assert "✓ 12/12 passed" in text
    assert "✗ 3/12 race" in text


@pytest.mark.parametrize("width", [60, 80, 200])
def test_many_exercises_fit_any_width(width: int) -> None:
    text = shown(sample_class(), width)
    table, _, _ = text.partition("Class mean")
    assert max(len(line) for line in table.splitlines()) <= width
    assert all(name in table for name in TITLES)


def test_each_trouble_is_told_with_what_was_decided() -> None:
    diagnosis = Diagnosis("test_callables_overlap", "Odd.", "was judged, and passes", Verdict.ERROR)
    of_all = Diagnosis("", "The worker died.", "was judged, and passes", Verdict.ERROR)
    result = replace(wrong("run_all"), diagnoses=[diagnosis, of_all])
    text = render_plain(replace(sample_class([]), submissions=[SubmissionResult("bo", [result])]))
    assert "Judging was in trouble 2 times:" in text
    told = "Odd. The reference: was judged, and passes. Decided: error."
    assert f"  bo, run_all, All callables are inside at the same time: {told}" in text
    assert "  bo, run_all: The worker died. The reference: was judged, and passes. Decided: error." in text


@pytest.mark.parametrize("terminal", [True, False])
def test_hostile_text_is_neither_markup_nor_a_control_sequence(terminal: bool) -> None:
    hostile = "[red]a[/red][/]\x1b[2J\x9b31m:smile:\n\u202e"
    results = replace(
        two_students(),
        titles={hostile: hostile},
        submissions=[SubmissionResult(hostile, [replace(wrong("run_all"), exercise=hostile)])],
    )
    text = shown(results, width=400, terminal=terminal)
    assert "[red]a[/red]" in "".join(text.split())
    assert ":smile:" in "".join(text.split())
    assert not set("\x1b\x9b\u202e") & set(text)


def test_an_empty_class_and_trouble_are_said_to_be() -> None:
    nobody = replace(sample_class([]), submissions=[], complete=False)
    assert "Class mean: – of the points, 0 students." in render_plain(nobody)
    assert "The run was interrupted" in render_plain(nobody)
    assert "Class mean" in shown(nobody)
    assert "Grader trouble in 7 results" in render_plain(sample_class())
