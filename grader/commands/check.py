"""`grader check`: the public tests over a student's own file, told in words.

The code runs on the student's own machine as the student, without the sandbox that grading uses.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.catalogue import Exercise, load_catalogue
from grader.checking.find import find_solutions
from grader.checking.public_tests import Place, PublicRun, Test, TestOutcome, Trouble, run_public_tests
from grader.checking.replay import replay
from grader.cuda import choice
from grader.errors import InputError
from grader.report.interleaving import render
from grader.report.wording import count
from grader.results import Check, Verdict
from grader.text import clean

_MARKS = {TestOutcome.PASSED: ("✓", "green"), TestOutcome.FAILED: ("✗", "red"), TestOutcome.NOT_RUN: ("–", "dim")}
_LINES_SHOWN, _MOST_LINES, _WIDTH_SHOWN = 12, 300, 300
_NOISE = re.compile(r"[Uu]se '?-vv?'? to | at 0x[0-9a-f]+")  # pytest's advice on its own options; addresses


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="EX|PATH",
        help="an exercise, a topic or a glob, your file, or a folder (default: all exercises in the current folder)",
    )
    parser.add_argument(
        "--replay", metavar="TOKEN", help="run one schedule again, step by step, as a failed check has told it"
    )
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)  # another catalogue than ours, for the kit's tests


def run(args: argparse.Namespace) -> int:
    console = Console(highlight=False, soft_wrap=True)
    found = find_solutions(args.targets, load_catalogue(args.root), Path.cwd())
    for _, file in found:
        _require_readable(file)
    if args.replay:
        return 0 if _replay(found, args.replay, console) else 1
    passed = [_check(exercise, file, console) for exercise, file in found]
    return 0 if all(passed) else 1


def _require_readable(file: Path) -> None:
    try:
        file.open("rb").close()
    except OSError as e:
        raise InputError(f"{file} cannot be read ({e.strerror}).") from e


def _check(exercise: Exercise, file: Path, console: Console) -> bool:
    shown = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
    device = f", kernels on {choice.device()}" if "pycuda" in exercise.packages else ""
    console.print(Text(f"{exercise.name} ({shown}{device})", style="bold"))
    outcome = run_public_tests(exercise, file)
    for test in outcome.tests:
        _print_test(test, file, console)
    for line in _troubles_of_the_run(outcome, file):
        console.print(Text(line, style="red"))
    console.print(Text(conclusion(outcome, exercise, file), style="green" if outcome.passed else "red"))
    console.print()
    return outcome.passed


def _replay(found: list[tuple[Exercise, Path]], token: str, console: Console) -> bool:
    """Whether the schedule goes well now."""
    if len(found) != 1:
        raise InputError(f"--replay needs one exercise, and there are {len(found)}; name it before --replay.")
    exercise, file = found[0]
    outcome = replay(exercise, file, token)
    if isinstance(outcome, Check):
        _print_check(outcome, console)
        return outcome.verdict is Verdict.PASS
    for test in outcome.tests:
        _print_test(test, file, console, _MOST_LINES)
    for line in _troubles_of_the_run(outcome, file):
        console.print(Text(line, style="red"))
    return outcome.passed


def _print_check(check: Check, console: Console) -> None:
    """A hidden check: what was wrong in this schedule, and then the schedule, step by step."""
    if check.verdict is Verdict.PASS:
        console.print(Text(f"✓ {check.title}: nothing wrong in this schedule any more", style="green"))
        return
    if check.verdict is Verdict.INFRA and "diverged" in check.message:
        console.print(Text(f"– {check.title}: the file does not come this way any more; grade it anew", style="yellow"))
        return
    console.print(Text(f"✗ {check.title} ({check.verdict})", style="red"))
    for term, text in (("expected", check.expected), ("seen", check.seen), ("where to look", check.look_at)):
        if text:
            console.print(Text(f"  {term}: {text}"))
    if check.interleaving is None:
        console.print(Text(f"  {check.message}"))
        return
    console.print()
    for line in render(check.interleaving, console.width):
        console.print(Text(line))
        if sys.stdin.isatty() and sys.stdout.isatty():
            input()  # Enter for the next step


def _print_test(test: Test, file: Path, console: Console, most_lines: int = _LINES_SHOWN) -> None:
    symbol, style = _MARKS[test.outcome]
    word = " (not run)" if test.outcome is TestOutcome.NOT_RUN else ""
    console.print(Text(f"  {symbol} {clean(test.title, _WIDTH_SHOWN)}{word}", style=style))
    if test.trouble is not None:
        for line in explain(test.trouble, file.name, most_lines):
            console.print(Text(f"      {line}"))
    if test.printed:
        console.print(Text("      it printed:", style="dim"))
        for line in _shown(test.printed, last=True):
            console.print(Text(f"        {line}", style="dim"))


def explain(trouble: Trouble, name: str, most_lines: int = _LINES_SHOWN) -> Iterator[str]:
    """What was expected, what was seen, and where, in lines."""
    if trouble.asked is not None and trouble.kind in ("failed", "raised"):
        code = clean(trouble.asked.code, _WIDTH_SHOWN)
        expected = "expected, in" if code.startswith("assert ") else "in"
        yield f"{expected} line {trouble.asked.line} of the test: {code.removeprefix('assert ')}"
    first, *more = _seen(trouble, name, most_lines)
    yield first
    yield from (f"  {line}" for line in more)
    if trouble.place is not None:
        yield _where(trouble.place, name)


def _seen(trouble: Trouble, name: str, most_lines: int) -> list[str]:
    first, *more = _shown(trouble.message, most_lines) or [""]
    match trouble.kind:
        case "missing":
            return [f"{name} does not define {', '.join(trouble.missing)}"]
        case "not written":
            return [f"not written yet: {name} raises NotImplementedError"]
        case "syntax":
            return [f"not valid Python: {first}"]
        case "failed" if first.startswith("assert "):
            values = first.removeprefix("assert ")
            return [f"seen: {values}{', which is false' if ' ' in values else ''}", *more]
        case "failed":
            return [f"seen: {first or 'no message'}", *more]
        case _:
            return [f"seen: it raised {clean(trouble.type, 80)}{': ' if first else ''}{first}", *more]


def _where(place: Place, name: str) -> str:
    inside = "" if place.function.startswith("<") or not place.function else f", in {place.function}"
    return f"where: line {place.line} of {name}{inside}: {clean(place.code, _WIDTH_SHOWN)}"


def _shown(text: str, most_lines: int = _LINES_SHOWN, last: bool = False) -> list[str]:
    """The first lines of a text (or the last), printable and without noise."""
    lines = [line for line in text.strip().splitlines() if line.strip() and not _NOISE.search(line)]
    kept = lines[-most_lines:] if last else lines[:most_lines]
    left_out = [f"… [{count(len(lines) - len(kept), 'more line')}]"] if len(lines) > len(kept) else []
    shown = [clean(line, _WIDTH_SHOWN) for line in kept]
    return left_out + shown if last else shown + left_out


def _troubles_of_the_run(outcome: PublicRun, file: Path) -> Iterator[str]:
    if outcome.unimportable is not None:
        yield f"  ✗ {file.name} could not be imported"
        yield from (f"      {line}" for line in explain(outcome.unimportable, file.name))
    if outcome.skipped:
        yield f"  {clean(outcome.skipped, _WIDTH_SHOWN)}"
    if outcome.ended_early:
        yield from (f"  {line}" for line in _shown(outcome.ended_early))


def conclusion(outcome: PublicRun, exercise: Exercise, file: Path) -> str:
    """The last sentence on an exercise. Public tests that pass are not yet a grade, so it says what else there is."""
    total = len(outcome.tests)
    if outcome.passed:
        return f"public tests passed ({total}/{total}); {hidden_checks(exercise)} at grading"
    folder = next((f for f in (file.parent, exercise.folder) if (f / "hints.md").is_file()), None)
    failed = outcome.count(TestOutcome.FAILED)
    said = f"{failed} of {count(total, 'public test')} failed" if failed else "the public tests could not be run"
    if not_run := outcome.count(TestOutcome.NOT_RUN):
        said += f", {not_run} did not run" if failed else ""
    return f"{said}; hints: see hints.md in {folder}" if folder else said


def hidden_checks(exercise: Exercise) -> str:
    """`9 hidden checks run`."""
    number = len(exercise.checks)
    return f"{count(number, 'hidden check')} {'runs' if number == 1 else 'run'}"
