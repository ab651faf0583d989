"""The class at a glance in a terminal: a table with rich, or plain lines for pipes and screen readers."""

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.report.overview import CheckOverview, Overview, TroubleOverview, exercise_names, survey
from grader.report.wording import VERDICTS, count, percent, points
from grader.results import ClassResults, ExerciseResult, SubmissionResult
from grader.text import clean

_STYLES = {"good": "green", "bad": "red", "caution": "yellow", "neutral": "dim"}
_NAME_WIDTH = 24
_CELL_WIDTH = 18
_HARDEST = 3
_TROUBLES = 20


def render_summary(results: ClassResults, console: Console) -> None:
    """Print students × exercises, the class mean and what most students lost points for."""
    if not console.is_terminal:
        console.out(render_plain(results), end="", highlight=False)
        return
    names = exercise_names(results)
    per_table = max(1, (console.width - _NAME_WIDTH - 16) // (_CELL_WIDTH + 3))
    for first in range(0, max(1, len(names)), per_table):
        console.print(_table(results, names[first : first + per_table]))
    for line in _closing_lines(results, survey(results)):
        console.print(Text(line))


def render_plain(results: ClassResults) -> str:
    """The same as text without colour or box characters: a line per student and exercise, columns aligned."""
    rows = [("student", "exercise", "score", "verdict")]
    for submission in results.submissions:
        rows += [_plain_row(submission, result) for result in submission.exercises]
        rows.append((_short(submission.student), "total", _score(submission), ""))
    widths = [max(cell_len(row[i]) for row in rows) for i in range(4)]
    table = ["  ".join(_padded(cell, w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*table, "", *_closing_lines(results, survey(results))]) + "\n"


def _plain_row(submission: SubmissionResult, result: ExerciseResult) -> tuple[str, str, str, str]:
    word = VERDICTS[result.verdict].word
    return (_short(submission.student), _short(result.exercise), _score(result), word)


def _table(results: ClassResults, names: list[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("Student", max_width=_NAME_WIDTH, overflow="fold")
    table.add_column("Total", justify="right", no_wrap=True)
    for name in names:
        table.add_column(Text(_short(name)), max_width=_CELL_WIDTH, overflow="fold")
    for submission in results.submissions:
        by_name = {e.exercise: e for e in submission.exercises}
        cells = [_cell(by_name.get(name)) for name in names]
        table.add_row(Text(_short(submission.student)), Text(_score(submission)), *cells)
    return table


def _cell(result: ExerciseResult | None) -> Text:
    if result is None:
        return Text("–", style="dim")
    wording = VERDICTS[result.verdict]
    return Text(f"{wording.symbol} {_score(result)} {wording.word}", style=_STYLES[wording.tone])


def _closing_lines(results: ClassResults, overview: Overview) -> list[str]:
    lines = [f"Class mean: {percent(overview.mean)} of the points, {count(len(results.submissions), 'student')}."]
    hardest = overview.hardest_checks[:_HARDEST]
    if hardest:
        lines += ["Most students lost points on:", *(f"  {_hard(check)}" for check in hardest)]
    if overview.troubled:
        lines.append(f"Grader trouble in {count(len(overview.troubled), 'result')}: grade again with --resume.")
    if overview.troubles:
        lines += [f"Judging was in trouble {count(len(overview.troubles), 'time')}:"]
        lines += [f"  {_trouble(trouble)}" for trouble in overview.troubles[:_TROUBLES]]
        if (more := len(overview.troubles) - _TROUBLES) > 0:
            lines.append(f"  {more} more, which the report tells")
    if not results.complete:
        lines.append("The run was interrupted: grade again with --resume to finish it.")
    return lines


def _hard(check: CheckOverview) -> str:
    verdicts = ", ".join(VERDICTS[verdict].word for verdict, _ in check.failures)
    students = f"{check.failed} of {check.judged} students"
    return f"{_short(check.exercise)}: {_short(check.title)} ({students}: {verdicts})"


def _trouble(trouble: TroubleOverview) -> str:
    where = f"{_short(trouble.student)}, {_short(trouble.exercise)}"
    where += f", {_short(trouble.title)}" if trouble.title else ""
    found = trouble.diagnosis
    decided = VERDICTS[found.decided].word
    return f"{where}: {_sentence(found.seen)} The reference: {_sentence(found.reference)} Decided: {decided}."


def _sentence(text: str) -> str:
    return f"{' '.join(clean(text, 300).split()).rstrip('.')}."


def _score(result: ExerciseResult | SubmissionResult) -> str:
    return f"{points(result.score)}/{points(result.max_score)}"


def _short(text: str) -> str:
    return " ".join(clean(text, 80).split())


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))
