"""What clang has left unwatched in a kernel, added to the code that it is about to make machine code of.

It watches loads and stores of 1, 2, 4, 8 and 16 bytes; others (a struct of three bytes, a vector of three numbers) go
by unseen, and so does what is read when a struct is handed to a function. Each gets a call of the engine's before it.
"""

from __future__ import annotations

import re

_STORE = re.compile(r"^  store (?:volatile )?(?P<type><[^>]*>|\w+) .*, ptr (?P<at>.+?), align ")
_LOAD = re.compile(r"^  %\S+ = load (?:volatile )?(?P<type><[^>]*>|\w+), ptr (?P<at>.+?), align ")
_CALL = re.compile(r"^  (?:%\S+ = )?(?:tail |musttail |notail )?call ")
_HANDED_OVER = re.compile(
    r"byval\((?P<type>[^()]*)\)(?: align \d+)? (?P<at>[@%][\w.$\"-]+|getelementptr [^()]*\((?:[^()]|\([^()]*\))*\))"
)
_PLACE = re.compile(r", (!dbg !\d+)")
_BITS = {"half": 16, "float": 32, "double": 64, "ptr": 64, "x86_fp80": 80, "fp128": 128}
_WATCHED = {8, 16, 32, 64, 128}
_DECLARED = "declare void @__tsan_{}_range(ptr, i64)"


def completed(code: str) -> str:
    """The same functions, in LLVM's language, with the calls that are missing."""
    lines: list[str] = []
    for line in code.split("\n"):
        lines += [*_missing(line), line]
    names = [name for name in ("read", "write") if f"@__tsan_{name}_range(" in "\n".join(lines)]
    declared = [_DECLARED.format(name) for name in names if f"declare void @__tsan_{name}_range(" not in code]
    return "\n".join([*lines, *declared, ""])


def _missing(line: str) -> list[str]:
    place = f", {found[1]}" if (found := _PLACE.search(line)) else ""
    if access := _STORE.match(line) or _LOAD.match(line):
        bits = _bits(access["type"])
        name = "write" if line.startswith("  store") else "read"
        return [] if bits in _WATCHED or bits < 8 else [_told(name, access["at"], str((bits + 7) // 8), place)]
    handed = _HANDED_OVER.finditer(line) if _CALL.match(line) else ()
    return [_told("read", one["at"], _size_of(one["type"]), place) for one in handed]


def _told(name: str, at: str, size: str, place: str) -> str:
    return f"  call void @__tsan_{name}_range(ptr {at}, i64 {size}){place}"


def _size_of(type: str) -> str:
    return f"ptrtoint (ptr getelementptr ({type}, ptr null, i32 1) to i64)"


def _bits(type: str) -> int:
    """Of a number or a vector; 0 for what is none."""
    if vector := re.fullmatch(r"<(\d+) x (\w+)>", type):
        return int(vector[1]) * _bits(vector[2])
    number = re.fullmatch(r"i(\d+)", type)
    return int(number[1]) if number else _BITS.get(type, 0)
