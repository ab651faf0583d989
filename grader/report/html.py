"""The HTML report: a page for the class, one per student, one style sheet; no script, nothing from elsewhere.

Students control much of the text. Two things stand between it and the reader, each in one place: `finalize`
passes every value through `grader.text.clean`, and Jinja2 escapes all but the markup of our own templates.
"""

import re
import shlex
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from grader.atomic import write_atomically
from grader.report import access, lanes, timeline, wording
from grader.report.overview import survey
from grader.report.traces import Traces
from grader.results import ClassResults, Verdict
from grader.text import clean

_LONGEST_TEXT = 20_000
_STUDENTS = "students"  # a folder of their own: nobody can be called like another page
_MOST_COLUMNS = 4  # of an interleaving; with more actors, columns that hold text would be too far apart to follow


def write_report(results: ClassResults, out: Path, folders: Mapping[str, str]) -> Path:
    """Write `out/index.html`, a page for each student, `out/students/<folder>.html`, and the trace files.

    Return the path of the index.
    `folders` maps every student of `results` to a safe and unique file name. Equal results give equal bytes.
    Raises InfrastructureError when a file cannot be written.
    """
    pages = {student: f"{_STUDENTS}/{folder}.html" for student, folder in folders.items()}
    environment = _environment()
    style = files("grader.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    write_atomically(out / "report.css", style)
    traces = Traces(out)
    for submission in results.submissions:
        links = traces.write(submission, folders[submission.student])
        html = environment.get_template("student.html").render(results=results, submission=submission, traces=links)
        write_atomically(out / pages[submission.student], html)
    index = environment.get_template("index.html").render(results=results, overview=survey(results), pages=pages)
    write_atomically(out / "index.html", index)
    return out / "index.html"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        finalize=_cleaned,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "short": lambda text: clean(text, 120),
        "points": wording.points,
        "percent": wording.percent,
        "number": wording.number,
        "count": wording.count,
        "wording": wording.VERDICTS.__getitem__,
        "draw": timeline.draw,
        "draw_access": access.draw_access,
        "lay_out": lanes.lay_out,
        "shell": _shell_word,
        "png": _png,
        "link": lambda page, to_top=".": f"{to_top}/{quote(page)}",
    }
    environment.globals |= {"Verdict": Verdict, "sizes": timeline, "access": access, "most_columns": _MOST_COLUMNS}
    return environment


def _shell_word(text: str) -> Markup:
    """`text` to be pasted into a shell. Cleaned before it is quoted, for cutting it later could take a quote away."""
    return escape(shlex.quote(clean(text, _LONGEST_TEXT)))


def _png(base64: str) -> Markup:
    """The address of a picture that is part of the page; of an empty one if this is not base64."""
    sound = re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", base64)
    return Markup("data:image/png;base64,") + Markup(base64 if sound else "")


def _cleaned(value: Any) -> Any:
    return clean(value, _LONGEST_TEXT) if isinstance(value, str) and not isinstance(value, Markup) else value
