"""What a kernel's source may not say: it would run, or touch memory, where the checked build does not look.

It is looked for behind the preprocessor, so that no macro, splice or spelling hides it; lines are the student's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .source import FILE, DoesNotCompileError

_MARKER = re.compile(r'# (\d+) "((?:\\.|[^"\\])*)"')
_HARMLESS_PRAGMA = re.compile(r"#pragma\s+(?:(?:unroll|nounroll|once|hd_warning_disable)\b|nv_)")
_TOKEN = re.compile(
    r'(?:u8|[uUL])?R"(?P<end>[^()\\\s]{0,16})\(.*?\)(?P=end)"|(?:u8|[uUL])?"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])(?:u8|[uUL])?'(?:\\.|[^'\\\n])*'"
    r"|(?P<word>[^\W\d]\w*)|(?P<number>\.?\d(?:[eEpP][+-]|'(?=\w)|[\w.])*)|(?P<sign>::|<:|:>|%:|[^\s\w])|(?P<newline>\n)",
    re.DOTALL,
)
_HARMLESS_ATTRIBUTES = {"aligned", "packed", "unused", "always_inline"}
_INSTEAD_OF_ATTRIBUTES = "use __align__, __forceinline__, __noinline__ or __launch_bounds__, or leave it out"
_STATIC_SHARED = re.compile(r"\bstatic\s+__shared__\b|\b__shared__\s+static\b")  # the second word says it already
_OPENS, _CLOSES = {"(", "[", "{", "<:"}, {")", "]", "}", ":>"}
_COPIES = "the engine does not know it, but memcpy, memmove and memset: use these, or a loop"
_REFUSED = {
    r"asm|__asm|__asm__": "assembly is for a GPU, and this runs on the CPU: write it in CUDA C",
    r"__builtin_\w+|__sync_\w+|__atomic_\w+|__c11_atomic_\w+|__opencl_atomic_\w+": (
        "it is the C++ compiler's own, and none of CUDA's: use CUDA's functions, as atomicAdd or __popc"
    ),
    r"_mm\d*_\w+|__m(?:64|128|256|512)\w*|_xbegin|__rdtscp?|_rdtsc": (
        "it is a CPU's, and no GPU has it: use CUDA's vector types and functions, as float4"
    ),
    r"_{2,3}(?:tsan|ubsan|asan|hwasan|msan|sanitizer|interceptor|cyg_profile)_\w+": (
        "such names belong to what watches a kernel's accesses: choose another"
    ),
    r"ck_\w+|CK_\w+": "such names belong to the engine: choose another",
    r"thread_local|__thread|_Thread_local": "no GPU has it: a variable of a thread is a local variable",
    r"mem(?:ccpy|cmp|chr|rchr|pcpy)|bcopy|bzero|bcmp": _COPIES,
    r"st[rp]n?(?:cpy|cat)|v?sn?printf|v?f?scanf|sscanf": _COPIES,
    r"__declspec|__extension__": "it is the C++ compiler's own, and none of CUDA's: leave it out",
}
_REFUSED_WORD = re.compile("|".join(f"(?P<_{n}>{words})" for n, words in enumerate(_REFUSED)))
_REASONS = list(_REFUSED.values())


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int
    begin: int = 0  # its place in the text


def screened(preprocessed: str, marks_loops: bool) -> str:
    """The same text without its pragmas, which are for another compiler; the words of loops can become macros' names.

    Raises DoesNotCompileError.
    """
    text = _STATIC_SHARED.sub(lambda found: found[0].replace("static", ""), _without_directives(preprocessed))
    tokens = list(_tokens(text))
    for place, token in enumerate(tokens):
        if found := _REFUSED_WORD.fullmatch(token.text):
            raise refused(token.line, token.text, _REASONS[int((found.lastgroup or "_0")[1:])])
        elif token.text in {"__attribute__", "__attribute"}:
            _judge_attribute(tokens[place:])
        elif token.text in {"[", "<:"} and _text_at(tokens, place + 1) in {"[", "<:"}:
            _judge_standard_attribute(tokens[place:])
        elif token.text == "goto" and _text_at(tokens, place + 1) == "*":
            raise refused(token.line, "goto *", "no GPU has it: use if or switch")
    return _with_marked_loops(text, tokens) if marks_loops else text


def _text_at(tokens: list[_Token], place: int) -> str:
    return tokens[place].text if place < len(tokens) else ""


def refused(line: int, name: str, why: str) -> DoesNotCompileError:
    """Line 0: unknown."""
    return DoesNotCompileError(f"{FILE}:{line}: error: '{name}': {why}" if line else f"{FILE}: error: '{name}': {why}")


def line_of_word(source: str, word: str) -> int:
    """Where a word stands first; 0 if nowhere."""
    found = re.search(rf"\b{re.escape(word)}\b", source)
    return source.count("\n", 0, found.start()) + 1 if found else 0


def _without_directives(preprocessed: str) -> str:
    """Markers of lines stay; any other directive that is left is a pragma that does no harm, or refused."""
    kept, line = [], 0
    for text in preprocessed.split("\n"):
        marker, harmless = _MARKER.match(text), _HARMLESS_PRAGMA.match(text)
        if not marker and not harmless and text.lstrip().startswith(("#", "%:")):
            raise refused(line + 1, " ".join(text.split()[:3]), "the engine knows #pragma unroll only: leave it out")
        kept.append("" if harmless else text)
        line = int(marker[1]) - 1 if marker else line + 1
    return "\n".join(kept)


def _tokens(text: str) -> Iterator[_Token]:
    """Words and signs, with their lines; markers are read on the way."""
    line, at = 0, 0
    while at < len(text):
        if (at == 0 or text[at - 1] == "\n") and (marker := _MARKER.match(text, at)):
            line = int(marker[1]) - 1
            at = max(text.find("\n", at), at + 1)
            continue
        found = _TOKEN.match(text, at)
        if found is None:
            at += 1
            continue
        if found["word"] or found["sign"]:
            yield _Token(found[0], line, at)
        line += found[0].count("\n")
        at = found.end()


def _judge_attribute(tokens: list[_Token]) -> None:
    """Raises DoesNotCompileError unless all names in `__attribute__((…))` are harmless."""
    depth = 0
    for token in tokens[1:]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            return
        is_name = depth == 2 and re.fullmatch(r"\w+", token.text)
        if is_name and token.text.strip("_") not in _HARMLESS_ATTRIBUTES:
            raise refused(token.line, token.text, f"the attribute is none of CUDA's: {_INSTEAD_OF_ATTRIBUTES}")


def _judge_standard_attribute(tokens: list[_Token]) -> None:
    """Raises DoesNotCompileError for an attribute of a compiler's, as `[[gnu::…]]`; the language's do no harm."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token.text in _OPENS) - (token.text in _CLOSES)
        if depth == 0:
            return
        if token.text in {"::", "using"}:
            name = _text_at(tokens, place - 1 if token.text == "::" else place + 1)
            raise refused(token.line, f"[[{name}::…]]", f"the attribute is none of CUDA's: {_INSTEAD_OF_ATTRIBUTES}")


def _with_marked_loops(text: str, tokens: list[_Token]) -> str:
    """Each keyword of a loop becomes the name of a macro; the `while` that ends a `do` stays what it is."""
    ends_of_do = {_end_of_do(tokens, place) for place, token in enumerate(tokens) if token.text == "do"}
    parts, end = [], 0
    for place, token in enumerate(tokens):
        if token.text in {"for", "while", "do"} and place not in ends_of_do:
            parts += [text[end : token.begin], "ck_"]
            end = token.begin
    return "".join([*parts, text[end:]])


def _end_of_do(tokens: list[_Token], place: int) -> int:
    """Where the `while` is that belongs to the `do` at that place; -1 if there is none."""
    depth = 0
    for here in range(place + 1, len(tokens)):
        text = tokens[here].text
        depth += (text in _OPENS) - (text in _CLOSES)
        if depth < 0:
            break
        if depth == 0 and text in {"}", ";"} and _text_at(tokens, here + 1) == "while":
            return here + 1
    return -1
