"""Taking an exercise's code out of a notebook.

A code cell whose first line is `# exercise: fetch_all` starts that exercise's code, which goes on until the
next such cell; code cells before the first one (imports, usually) belong to every exercise of the notebook.
Without any such line, all code cells of `fetch_all.ipynb` are the code of `fetch_all`; other notebooks give
nothing.

Lines for IPython (`%magic`, `!command`, `name?`) become `pass` with the line as a comment: so lines keep
their numbers, and indented blocks their body.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.intake.tree import RefusedError

_MARKER = re.compile(r"#[ \t]*exercise:[ \t]*(\w+)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_IPYTHON_LINE = re.compile(r"(?:[\w.,\s]+=)?\s*(?:%{1,2}[A-Za-z]|!)|\s*\?{1,2}\w|\s*[\w.]+\?{1,2}\s*$")
_PYTHON_CELL = re.compile(r"%%(?:capture|prun|time|timeit)\b")
_OPENS_OR_CLOSES = re.compile(r"""\'{3}|"{3}|['"#(\[{)\]}]""")
_IN_STRING = {quote: re.compile(rf"\\.|{quote}") for quote in ("'''", '"""', "'", '"')}


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell; `number` is its place among all cells, the first being 1."""

    number: int
    text: str


def exercise_cells(raw: bytes, named_after: str, wanted: Mapping[str, str]) -> dict[str, list[Cell]]:
    """The code cells of each wanted exercise in a notebook whose file is `named_after` an exercise (or "").

    `wanted` maps the case-folded name of an exercise to it. Raises RefusedError if this is not a notebook.
    """
    cells = _code_cells(raw)
    shared: list[Cell] = []
    found: dict[str, list[Cell]] = {}
    current = shared
    for cell in cells:
        if marker := _MARKER.match(cell.text.lstrip()):
            exercise = wanted.get(marker[1].casefold())
            current = found.setdefault(exercise, list(shared)) if exercise else []
        current.append(cell)
    has_markers = len(shared) < len(cells)
    return found if has_markers or not (named_after and cells) else {named_after: cells}


def as_python(cells: Iterable[Cell]) -> tuple[bytes, int]:
    """The cells as the source of a module, and how many of its lines were meant for IPython."""
    lines: list[str] = []
    ipython_lines = 0
    for cell in cells:
        cell_lines, count = _without_ipython(cell.text.split("\n"))
        lines += cell_lines
        ipython_lines += count
    # A lone surrogate is no text; passed on, it is the compiler that reports it.
    return "".join(f"{line}\n" for line in lines).encode(errors="surrogatepass"), ipython_lines


def _code_cells(raw: bytes) -> list[Cell]:
    try:
        notebook = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise RefusedError("is not a Jupyter notebook (its JSON cannot be read)") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise RefusedError("is not a Jupyter notebook of format 4; open it in Jupyter and save it again")
    return [
        Cell(number, _text(cell.get("source")))
        for number, cell in enumerate(cells, start=1)
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]


def _text(source: Any) -> str:
    """A cell's source, which a notebook keeps as one string or as a list of lines."""
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _without_ipython(lines: list[str]) -> tuple[list[str], int]:
    """The lines with those for IPython disarmed, and how many these are."""
    if lines[0].startswith("%%") and not _PYTHON_CELL.match(lines[0]):
        return [f"# {line}" for line in lines], len(lines)
    kept: list[str] = []
    count = 0
    opened: list[str] = []
    in_command = False
    for line in lines:
        if in_command:
            kept.append(f"# {line}")
        elif not opened and _IPYTHON_LINE.match(line):
            statement = line.lstrip()
            kept.append(f"{line[: -len(statement)]}pass  # {statement}")
        else:
            kept.append(line)
            _follow(line, opened)
            continue
        count += 1
        in_command = line.endswith("\\")
    return kept, count


def _follow(line: str, opened: list[str]) -> None:
    """Update `opened`, the quotes, brackets and backslash that a line of Python leaves open for the next one.

    Without it, a line of a long string or of a bracketed expression could be taken for an IPython command.
    """
    if opened[-1:] == ["\\"]:
        opened.pop()
    position = 0
    while match := _IN_STRING.get(opened[-1] if opened else "", _OPENS_OR_CLOSES).search(line, position):
        position = match.end()
        if match[0] == "#":
            return
        if match[0] in ")]}" or (match[0] in _IN_STRING and opened[-1:] == [match[0]]):
            del opened[-1:]
        elif match[0][0] != "\\":
            opened.append(match[0])
    innermost = opened[-1] if opened else ""
    if line.endswith("\\"):
        if innermost not in _IN_STRING:
            opened.append("\\")
    elif innermost in {"'", '"'}:
        opened.pop()
