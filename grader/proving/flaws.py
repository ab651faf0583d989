"""The flaws of an exercise as they are written: `<exercise>.flaws`.

    # test_no_update_is_lost

    == no_lock: race (of alternatives/with_a_condition)
    Nothing keeps two threads from adding at once.
    @@
     def add(self, n):
    -    with self._lock:
    -        self.value += n
    +    self.value += n

The check that must catch what follows; then for each flaw its name, the verdict that the check must give, the right
solution that it is a change of (the reference, where none is named), the mistake, and edits. An edit has just as much
around the change as makes it found once, and neither edits nor what is around them reach into the module's docstring.
Where edits would be longer than the text, the text stands there, below `--- whole`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.results import Verdict

from .edits import Edit, EditError, edited

_CHECK = re.compile(r"# (test_\w+)")
_FLAW = re.compile(r"== (?P<name>\w+): (?P<verdict>\w+)(?: \(of (?P<base>alternatives/\w+)\))?")
_FLAW_FORM = "`== name: verdict` or `== name: verdict (of alternatives/other)`"
_EDIT, _WHOLE = "@@", "--- whole"
_VERDICTS = [verdict for verdict in Verdict if verdict.counts and verdict not in (Verdict.PASS, Verdict.SKIPPED)]
REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One mistake, and the check that must catch it with this verdict.

    `base`: the right solution that it is a change of, `reference` or `alternatives/<stem>`. `whole`: the text, where it
    stands there instead of edits. `line`: where the flaw is written.
    """

    name: str
    check: str
    verdict: Verdict
    mistake: str
    line: int
    base: str = REFERENCE
    edits: Sequence[Edit] = ()
    whole: str = ""


class FlawsError(ValueError):
    """The flaws cannot be used as they are written. `line`: where."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


def parse(text: str) -> list[Flaw]:
    """All flaws, in the order of the text. Raises FlawsError."""
    check, flaws = "", dict[str, Flaw]()
    for line, heading, below in _parts(text):
        if found := _CHECK.fullmatch(heading):
            check = found[1]
            _expect_nothing(line, below)
            continue
        if not check:
            raise FlawsError(line, "this flaw comes before any check (`# test_…`)")
        flaw = _flaw(line, heading, check, below)
        if flaw.name in flaws:
            raise FlawsError(line, f"there is a flaw called {flaw.name} already, in line {flaws[flaw.name].line}")
        flaws[flaw.name] = flaw
    return list(flaws.values())


def lay_out(flaw: Flaw, base: Sequence[str]) -> str:
    """The flawed solution: its docstring says the mistake and who must catch it. Raises FlawsError.

    `base`: the body of the solution that it is a change of.
    """
    try:
        text = flaw.whole or "\n".join(edited(base, flaw.edits))
    except EditError as e:
        raise FlawsError(e.line, f"{e} in {flaw.base}") from e
    doc = f"{flaw.mistake}\n\ncaught_by: {flaw.check}\nverdict: {flaw.verdict}\n"
    doc = doc.replace("\\", r"\\").replace('"""', r"\"\"\"")
    text = text.strip("\n")
    return f'"""{doc}"""\n\n{text}\n'


def body(source: str) -> list[str]:
    """The lines of a module below its docstring. Raises SyntaxError."""
    module = ast.parse(source)
    below = module.body[0].end_lineno if ast.get_docstring(module) else 0
    return source.split("\n")[below:]


# ------------------------------------------------------------------ reading


def _parts(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Each heading with the number of its line, and the lines below it. Raises FlawsError for what has no heading."""
    lines = text.split("\n")
    starts = [n for n, line in enumerate(lines) if _CHECK.fullmatch(line) or line.startswith("==")]
    _expect_nothing(0, lines[: starts[0] if starts else None])
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield start + 1, lines[start], lines[start + 1 : end]


def _expect_nothing(line: int, below: Sequence[str]) -> None:
    """Raises FlawsError for the first of the lines below this one that is not empty."""
    for number, text in enumerate(below, line + 1):
        if text.strip():
            raise FlawsError(number, "this line belongs to no flaw: a flaw begins with " + _FLAW_FORM)


def _flaw(line: int, heading: str, check: str, below: list[str]) -> Flaw:
    found = _FLAW.fullmatch(heading)
    if not found:
        raise FlawsError(line, f"a flaw begins with {_FLAW_FORM}")
    name, verdict, base = found["name"], found["verdict"], found["base"] or REFERENCE
    if verdict not in _VERDICTS:
        raise FlawsError(line, f"there is no verdict {verdict}; there are {', '.join(_VERDICTS)}")
    change = next((n for n, text in enumerate(below) if text in (_EDIT, _WHOLE)), len(below))
    mistake = "\n".join(below[:change]).strip()
    if not mistake:
        raise FlawsError(line, f"a sentence must say what is wrong with {name}")
    edits, whole = _change(line, line + 1 + change, below[change:])
    return Flaw(name, check, Verdict(verdict), mistake, line, base, edits, whole)


def _change(flaw: int, line: int, lines: list[str]) -> tuple[list[Edit], str]:
    """The edits, or the whole text, that begin in this line and say what the flaw in line `flaw` is."""
    if lines[:1] == [_WHOLE]:
        whole = "\n".join(lines[1:]).strip("\n")
        if whole:
            return [], whole
    if lines[:1] != [_EDIT]:
        raise FlawsError(flaw, f"this flaw has neither an edit ({_EDIT}) nor a text ({_WHOLE})")
    starts = [n for n, text in enumerate(lines) if text == _EDIT]
    ends = [*starts[1:], len(lines)]
    return [_edit(line + start, lines[start + 1 : end]) for start, end in zip(starts, ends, strict=True)], ""


def _edit(line: int, lines: list[str]) -> Edit:
    """An empty line is empty before and after, as editors cut blanks off at the end of lines; at the end it is none."""
    for number, text in enumerate(lines, line + 1):
        if text and text[0] not in " -+":
            raise FlawsError(number, "a line of an edit begins with a blank, `-` or `+`")
    while lines and not lines[-1]:
        lines = lines[:-1]
    old = [text[1:] for text in lines if text[:1] != "+"]
    new = [text[1:] for text in lines if text[:1] != "-"]
    return Edit(line, old, new)
