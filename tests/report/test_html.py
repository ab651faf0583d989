"""The HTML report says what happened, the same way every time, and no student can write a tag into it."""

import dataclasses
import json
import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from grader.errors import InfrastructureError
from grader.report import write_report
from grader.results import (
    Check,
    ClassResults,
    ExerciseResult,
    Interleaving,
    Kind,
    Span,
    Step,
    SubmissionResult,
    Timeline,
    Verdict,
    Wait,
)
from tests.class_results import broken, exercise, folders, right, sample_class, stuck, troubled, wrong

HOSTILE = [
    '<script>alert(1)</script><img src=x onerror="alert(1)">',
    "\"><svg onload=alert(1)><a href='javascript:alert(1)'>",
    "' onmouseover='alert(1)' x='",
    "</title></style></textarea></pre></script><h1>owned</h1>",
    "{{7*7}}{% raw %}{{ cycler.__init__.__globals__ }}",
    "javascript:alert(1)",
    "\x1b[31mred\x1b]0;title\x07\x00\x9b1m",
    "\u202eevil\u2066\u200b\ufeff\u2028",
    "]]><!-- -->&lt;b&gt;&#60;b&#62;",
    "\udc80\ud800",
]


class Page(HTMLParser):
    """What a browser would see: the tags with their attributes, and the text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.text = ""
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, tag: str, attribute: str) -> list[str | None]:
        return [value for name, attrs in self.tags for key, value in attrs if (name, key) == (tag, attribute)]


def report_on(results: ClassResults, out: Path) -> dict[str, Page]:
    index = write_report(results, out, folders(results))
    assert index == out / "index.html"
    return {path.stem: Page(path) for path in out.rglob("*.html")}


def class_of(*results: Any, **more: Any) -> ClassResults:
    """A class in which each result belongs to a student of its own."""
    students = [f"student {i}" for i in range(len(results))]
    sample = sample_class(students)
    submissions = [replace(s, exercises=[r]) for s, r in zip(sample.submissions, results, strict=False)]
    return replace(sample, submissions=submissions, **more)


def with_every_text(value: Any, change: Callable[[str], str]) -> Any:
    """`value` with every text in it changed, keys included."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: with_every_text(getattr(value, f.name), change) for f in dataclasses.fields(value)}
        return replace(value, **changed)
    if isinstance(value, dict):
        return {with_every_text(key, change): with_every_text(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [with_every_text(item, change) for item in value]
    return change(value) if type(value) is str and value else value


def without_traces(tags: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Tags, with the names of trace files left out: these are made of what students and exercises are called."""
    return [(tag, dict(attrs) | {"href": ""} if ("download", None) in attrs else dict(attrs)) for tag, attrs in tags]


def page_with(interleaving: Interleaving, out: Path) -> Page:
    check = Check("c", "t", Kind.CONCURRENCY, Verdict.RACE, 0, 1, interleaving=interleaving)
    return report_on(class_of(exercise("run_all", [check], Verdict.RACE)), out)["student-0"]


def test_a_page_for_each_student_and_one_style_sheet(tmp_path: Path) -> None:
    results = sample_class()
    write_report(results, tmp_path, folders(results))
    pages = {f"{folder}.html" for folder in folders(results).values()}
    assert {path.name for path in tmp_path.iterdir()} == {"index.html", "report.css", "students", "traces"}
    assert {path.name for path in (tmp_path / "students").iterdir()} == pages
    for path in tmp_path.rglob("*.html"):
        [style] = Page(path).values("link", "href")
        assert style is not None and (path.parent / style).samefile(tmp_path / "report.css")


def test_equal_results_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_report(sample_class(), tmp_path / name, folders(sample_class()))
    first, second = (
        {file.relative_to(root): file.read_bytes() for file in root.rglob("*") if file.is_file()}
        for root in (tmp_path / "a", tmp_path / "b")
    )
    assert first == second


def test_nothing_comes_from_elsewhere_and_nothing_runs(tmp_path: Path) -> None:
    for page in report_on(sample_class(), tmp_path).values():
        assert not {"script", "iframe", "object", "embed", "img", "form"} & {tag for tag, _ in page.tags}
        for _, attrs in page.tags:
            for name, value in attrs:
                assert not name.startswith("on")
                if name in ("href", "src"):
                    assert value is not None
                    assert value.startswith(("./", "../", "#"))
    assert "url(" not in (tmp_path / "report.css").read_text()
    assert "@import" not in (tmp_path / "report.css").read_text()


def test_links_lead_to_pages_and_anchors_that_exist(tmp_path: Path) -> None:
    report_on(sample_class(), tmp_path)
    for path in tmp_path.rglob("*.html"):
        page = Page(path)
        ids = [value for _, attrs in page.tags for name, value in attrs if name == "id"]
        assert len(ids) == len(set(ids))
        for href in page.values("a", "href"):
            assert href is not None
            assert href[1:] in ids if href.startswith("#") else (path.parent / href).exists()


@pytest.mark.parametrize("name", ["index", "Index", "index (student)", "report", "traces", "students"])
def test_a_student_called_like_a_file_of_the_report_has_a_page(tmp_path: Path, name: str) -> None:
    results = class_of(right("run_all"))
    index = write_report(results, tmp_path, {"student 0": name})
    [link] = [href for href in Page(index).values("a", "href") if href]
    assert "student 0" in (tmp_path / unquote(link)).read_text()
    assert "Class results" in index.read_text()


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_text_creates_no_tag_and_no_attribute(tmp_path: Path, payload: str) -> None:
    counter = iter(range(10**6))
    results = replace(
        class_of(
            right("run_all"), wrong("bank_transfer"), broken("fetch_all"), troubled("count_primes"), stuck("run_all")
        ),
        complete=False,
    )
    harmless = with_every_text(results, lambda text: "word")
    hostile = with_every_text(results, lambda text: payload)
    # Students must differ, or they would share a page.
    harmless, hostile = (
        replace(r, submissions=[replace(s, student=f"{s.student} {next(counter)}") for s in r.submissions])
        for r in (harmless, hostile)
    )
    expected, pages = report_on(harmless, tmp_path / "a"), report_on(hostile, tmp_path / "b")
    assert expected.keys() == pages.keys()
    for name, page in pages.items():
        assert without_traces(page.tags) == without_traces(expected[name].tags)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", page.source)


def test_template_syntax_in_text_is_shown_as_it_is(tmp_path: Path) -> None:
    page = report_on(class_of(replace(broken("run_all"), message="{{7*7}} {% if %}")), tmp_path)["student-0"]
    assert "{{7*7}} {% if %}" in page.text


def test_a_failed_check_says_expected_seen_and_where_to_look(tmp_path: Path) -> None:
    page = report_on(class_of(wrong("run_all")), tmp_path)["student-0"]
    said = " ".join(page.text.split())
    assert "Expected Four callables inside at the same time." in said
    assert "Seen The second one started after the first had returned" in said
    assert "Where to look Where you start a thread" in said
    assert "grader grade PATH --exercise run_all --seed 4711" in page.text
    assert "starting 4 threads" in page.text
    assert "run_all_backup.py was ignored" in page.text


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_a_symbol_a_word_and_a_meaning(tmp_path: Path, verdict: Verdict) -> None:
    check = Check("test_it", "It holds", Kind.CORRECTNESS, verdict, 0, 1)
    page = report_on(class_of(exercise("run_all", [check], verdict)), tmp_path)["student-0"]
    badges = re.findall(r'<span class="badge \w+"><span aria-hidden="true">(.)</span> ([a-z ]+)</span>', page.source)
    assert len(badges) == 3
    assert len(set(badges)) == 1


def test_an_empty_submission_and_an_empty_class_are_said_to_be(tmp_path: Path) -> None:
    page = report_on(sample_class([]), tmp_path / "a")["student-0"]
    assert "No exercise of this submission has been graded." in page.text
    nobody = replace(sample_class([]), submissions=[])
    assert "Nobody failed a check." in report_on(nobody, tmp_path / "b")["index"].text


def test_an_interrupted_run_is_flagged(tmp_path: Path) -> None:
    assert "interrupted" not in report_on(sample_class(), tmp_path / "a")["index"].text
    assert "interrupted" in report_on(replace(sample_class(), complete=False), tmp_path / "b")["index"].text


def test_grader_trouble_is_flagged_with_the_students_it_hit(tmp_path: Path) -> None:
    text = report_on(class_of(right("run_all"), troubled("run_all")), tmp_path)["index"].text
    assert "Grader trouble in 1 result." in text
    assert "Judging was in trouble 1 time." in text and "infra: " in text
    assert "Grader trouble" not in report_on(class_of(right("run_all")), tmp_path / "b")["index"].text


def test_long_output_and_many_notes_are_bounded(tmp_path: Path) -> None:
    result = replace(wrong("run_all"), output="x" * 10**6, notes=["a note"] * 1000)
    page = report_on(class_of(result), tmp_path)["student-0"]
    assert len(page.source) < 100_000
    assert "more characters]" in page.text
    assert "950 more" in page.text


def test_a_long_timeline_says_how_much_is_not_drawn(tmp_path: Path) -> None:
    spans = [Span(f"track {i % 60}", f"span {i}", i, i + 1) for i in range(900)]
    check = Check("c", "t", Kind.CONCURRENCY, Verdict.FAIL, 0, 1, timeline=Timeline("steps", spans))
    page = report_on(class_of(exercise("run_all", [check], Verdict.FAIL)), tmp_path)["student-0"]
    assert "500 more spans and 20 more tracks not drawn." in page.text


def test_an_interleaving_is_a_column_for_each_actor_that_does_something(tmp_path: Path) -> None:
    page = report_on(class_of(stuck("run_all")), tmp_path)["student-0"]
    [table] = re.findall(r'<table class="lanes">.*?</table>', page.source, re.DOTALL)
    assert re.findall(r'<th scope="col">([^<]+)</th>', table) == ["main", "thread 1", "thread 2"]
    _, gap, *steps, waits = table.split("<tr")[1:]
    assert "12 earlier steps not shown." in gap
    columns = [next(n for n, cell in enumerate(row.split("<td")[1:]) if "step" in cell) for row in steps]
    assert columns == [1, 2, 2, 1]
    assert '<span class="at">16</span> <code>with self.locks[src]:</code>' in steps[0]
    assert "takes self.locks[0]" in steps[0]
    assert [row.count(" gives ") + row.count(" takes ") for row in steps] == [0, 2, 0, 2]
    assert waits.count("waits for") == 3


def test_many_actors_get_narrow_lanes_beside_the_steps(tmp_path: Path) -> None:
    names = [f"task {n}" for n in range(40)]
    steps = [Step(n % 40, n, f"line {n}", "a note") for n in range(200)]
    page = page_with(Interleaving("f.py", names, steps, [Wait(39, "waits for nobody")]), tmp_path)
    assert '<table class="lanes narrow">' in page.source
    assert "task 7, step 8" in " ".join(page.text.split())
    assert "task 39, at the end" in " ".join(page.text.split())
    assert len(page.source) < 500_000


def test_the_replay_command_can_be_pasted_into_a_shell(tmp_path: Path) -> None:
    page = page_with(Interleaving("f.py", ["main"], [Step(0, 1, "a")], token="c:7:0x1"), tmp_path / "a")
    assert "grader check run_all --replay c:7:0x1" in page.text
    page = page_with(Interleaving("f.py", ["main"], [Step(0, 1, "a")], token="c:7:0; rm -rf ~"), tmp_path / "b")
    assert "grader check run_all --replay 'c:7:0; rm -rf ~'" in page.text
    page = page_with(Interleaving("f.py", ["main"], [Step(0, 1, "a")], token="'; rm -rf ~ #" * 5000), tmp_path / "c")
    [command] = re.findall(r"grader check [^\n]*", page.text)
    assert len(shlex.split(command)) == 5


def test_a_passed_check_may_say_how_thoroughly_it_was_tried(tmp_path: Path) -> None:
    page = report_on(class_of(stuck("run_all")), tmp_path)["student-0"]
    assert "812 schedules tried, among them all with at most 1 preemption." in page.text


def test_failed_checks_with_evidence_in_time_link_to_a_trace_file(tmp_path: Path) -> None:
    page = report_on(class_of(wrong("run_all")), tmp_path)["student-0"]
    links = [href for href in page.values("a", "href") if href and href.endswith(".json")]
    assert links == [
        "../traces/student-0-run_all-test_callables_overlap.json",
        "../traces/student-0-run_all-test_total_is_constant.json",
    ]
    for link in links:
        assert json.loads((tmp_path / "students" / link).read_text())["traceEvents"]
    assert page.text.count("Open in Perfetto (trace file)") == 2
    report_on(class_of(right("run_all")), tmp_path / "b")
    assert not (tmp_path / "b" / "traces").exists()


def test_trace_files_have_names_of_their_own(tmp_path: Path) -> None:
    def failed(name: str, *checks: str) -> ExerciseResult:
        found = [replace(wrong("e").checks[1], name=check) for check in checks]
        return exercise(name, found, Verdict.FAIL)

    submissions = [
        SubmissionResult("ada", [failed("b-c", "d", "d", "D"), failed("../b", "/etc/x\0", "c" * 500)]),
        SubmissionResult("ada-b", [failed("c", "d")]),
    ]
    results = replace(sample_class([]), submissions=submissions)
    write_report(results, tmp_path, {"ada": "ada", "ada-b": "ada-b"})
    traces = [path.name for path in (tmp_path / "traces").iterdir()]
    assert len({name.casefold() for name in traces}) == len(traces) == 6
    assert {"ada-b-c-d.json", "ada-b-c-d-2.json", "ada-b-c-D-3.json", "ada-b-c-d-4.json"} <= set(traces)
    assert max(map(len, traces)) < 250
    links = [link for page in tmp_path.rglob("ada*.html") for link in Page(page).values("a", "href")]
    assert all((tmp_path / "students" / link).exists() for link in links if link and "traces" in link)


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("a file where the folder should be")
    with pytest.raises(InfrastructureError, match="report"):
        write_report(sample_class(), tmp_path / "report", folders(sample_class()))
