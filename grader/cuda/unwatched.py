"""What GCC has left unwatched in a kernel, by its own word: a dump of each function behind `-fsanitize=thread`.

It watches every assignment and no call: not the store where a struct that is returned goes, nor the load of one that is
handed over. Where a call is left (recursion, pointers to functions) and does one of these, the kernel is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .screening import refused
from .source import FILE

DUMP = "-fdump-tree-tsan1-raw-lineno-uid={path}"
_PLACE = re.compile(r"\[([^\[\]\s]+):(\d+):\d+(?: discrim \d+)?\] ")
_TEXT = re.compile(r'"(?:\\.|[^"\\])*"')
_HEADER = re.compile(r"^;; Function .*? \((\S+), funcdef_no=\d+, decl_uid=(\d+)", re.MULTILINE)
_DECLARATION = re.compile(r"^  (?!static |extern ).*?([\w.$]*D\.\d+)(?:\[.*)?;", re.MULTILINE)
_CALL = re.compile(r"gimple_call <(.*)>")
_MENTIONED = re.compile(r"(_\w+)\.localalias(?:\.\d+)?D\.|D\.(\d+)\b")
_VALUE = re.compile(r'[\w.$]*_\d+(?:\(D\))?|[&\d"{(-].*|<retval>.*')
_IN_MEMORY = re.compile(r"D\.\d|->|\*|MEM")
_ROOT = re.compile(r"([\w.$]*D\.\d+)(?![\w(])")
_ALIAS_OR_UID = re.compile(r"(?:\.localalias(?:\.\d+)?)?D\.\d+$")
_OUT_OF_SIGHT = (
    "the engine does not see what this call stores or reads in memory, a struct by value, as it calls itself or is"
    " called through a pointer: use a variable between, as T v = f(x); s[i] = v;"
)


_NEVER_CALLED = "__cxa_atexit"


@dataclass(slots=True)
class _Function:
    uid: str
    body: str
    mentioned: set[str] = field(default_factory=set)


def refuse_unwatched(dump: Path, kernels: Collection[str], in_data: Collection[str]) -> None:
    """Raises DoesNotCompileError for a call that could run and that moves a struct out of sight.

    `in_data`: names of functions whose addresses are in the module's data, so that anybody may call them.
    """
    functions = _functions(dump.read_text(errors="replace"))
    roots = {name for name in functions if name in kernels or name in in_data or name.startswith("ck_run_")}
    uids = {function.uid for function in functions.values()}
    for name in sorted(_reachable(functions, roots)):
        for line, called in _moves_of_structs(functions[name].body, uids):
            raise refused(line, called, _OUT_OF_SIGHT)


def _functions(text: str) -> dict[str, _Function]:
    """By assembler name."""
    headers = list(_HEADER.finditer(text))
    ends = [header.start() for header in headers[1:]] + [len(text)]
    found = {h[1]: _Function(h[2], text[h.end() : end]) for h, end in zip(headers, ends, strict=True)}
    name_of_uid = {function.uid: name for name, function in found.items()}
    for function in found.values():
        names = {alias or name_of_uid.get(uid) for alias, uid in _MENTIONED.findall(function.body)}
        function.mentioned = {name for name in names if name in found}
    return found


def _reachable(functions: dict[str, _Function], roots: set[str]) -> set[str]:
    seen, ahead = set(roots), list(roots)
    while ahead:
        new = functions[ahead.pop()].mentioned - seen
        seen |= new
        ahead += new
    return seen


def _moves_of_structs(body: str, functions: set[str]) -> Iterator[tuple[int, str]]:
    """Line and name of each call with a result or an argument in memory that others may see."""
    head, _, statements = body.partition("\n{\n")
    own = set(_ROOT.findall(head)) | set(_DECLARATION.findall(statements))
    for statement in statements.splitlines():
        if call := _CALL.search(_TEXT.sub('""', statement)):
            called, *operands = _operands(_PLACE.sub("", call[1]))
            if not called.startswith(_NEVER_CALLED) and not all(_is_own(one, own, functions) for one in operands):
                yield _line(statement), _readable(called)


def _operands(call: str) -> list[str]:
    parts, depth = [""], 0
    for sign in call:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def _is_own(operand: str, own: set[str], functions: set[str]) -> bool:
    """Whether it is a value, a function, or a variable of the function's own."""
    if not _IN_MEMORY.search(operand) or _VALUE.fullmatch(operand):
        return True
    root = _ROOT.match(operand)
    return root is not None and (root[1] in own or ".localalias" in operand or root[1].rpartition(".")[2] in functions)


def _readable(called: str) -> str:
    name = _ALIAS_OR_UID.sub("", called)
    return name if name != called else "a call through a pointer"


def _line(statement: str) -> int:
    """The student's; 0 if it is none."""
    place = _PLACE.search(statement)
    return int(place[2]) if place and place[1].rpartition("/")[2] == FILE else 0
