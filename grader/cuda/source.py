"""A student's CUDA C as a C++ compiler wants it: the same lines, but for what has to be marked.

Comments and literals are blanked before anything is looked for, so that a kernel in a comment is none; edits then go to
the text itself, and never add or remove a line, so that every message has the student's own line numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FILE = "kernel.cu"
DYNAMIC_SHARED_BYTES = 228 * 1024  # the most that any GPU of today lets a block have
_BLANKED = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)
_KERNEL = re.compile(
    r"__global__\s+(?:(?:static|inline|__launch_bounds__\s*\([^)]*\))\s+)*void\s+(?:__launch_bounds__\s*\([^)]*\)\s*)?(\w+)\s*\("
)
_TEMPLATE = re.compile(r"template\s*<[^{};]*>\s*(?:static\s+|inline\s+)*$")
_DYNAMIC = re.compile(r"\bextern\s+(?:volatile\s+)?(__shared__)\b[^;]*?(\w+)\s*\[\s*\]\s*;")
_SPLICE = re.compile(r"\\[ \t]*\n")
_INCLUDE = re.compile(r"^[ \t]*(?:#|%:|\?\?=)[ \t]*(?:include|include_next|import|embed)\b[ \t]*(.*)", re.MULTILINE)
_HEADER = re.compile(r"""["<](?!/)(?!(?:[^">]*/)?\.\./)[^">]+[">].*""")
_PLACES_FORGED = re.compile(r"^[ \t]*(?:#|%:|\?\?=)[ \t]*(?:line\b|\d)", re.MULTILINE)


class DoesNotCompileError(Exception):
    """The compiler's message, or ours, with the source's own line numbers."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What is compiled, and the names of what is in it."""

    text: str  # the student's, to be preprocessed and screened
    behind: str  # ours: what comes behind it then
    kernels: dict[str, list[str]]  # with the names of their parameters
    dynamic: list[str]  # arrays whose size the launch decides, all at the same place


def translate(source: str, extern_c: bool = True, defines: tuple[str, ...] = ()) -> Translation:
    """`extern_c`: the functions get the names they have in the source. `defines`: NAME or NAME=VALUE.

    Raises DoesNotCompileError.
    """
    blanked = _blank(source)
    _refuse_forged_places(source)
    _refuse_foreign_files(source)
    found_kernels = [found for found in _KERNEL.finditer(blanked) if not _is_template(blanked, found)]
    kernels = {found[1]: _parameter_names(blanked, found.end()) for found in found_kernels}
    arrays = list(_DYNAMIC.finditer(blanked))
    dynamic = list(dict.fromkeys(found[2] for found in arrays))
    edits = [(found.start(1), found.end(1), "") for found in arrays]
    lines = [f"#define {name} {value or 1}" for name, _, value in (define.partition("=") for define in defines)]
    lines += ['extern "C" {'] if extern_c else []
    lines += [f'#line 1 "{FILE}"', _edited(source, edits)]
    behind = ['#line 1 "behind the kernel"', *(["}"] if extern_c else [])]
    behind += [*(f"CK_KERNEL({kernel})" for kernel in kernels), *_definitions(dynamic)]
    text, end = ("\n".join(part) + "\n" for part in (lines, behind))
    return Translation(text, end, kernels, dynamic)


def _refuse_forged_places(source: str) -> None:
    """Raises DoesNotCompileError for what changes the number of a line or the name of the file."""
    whole = _blank(_SPLICE.sub("", source))
    if forged := _PLACES_FORGED.search(whole):
        line = whole.count("\n", 0, forged.start()) + 1
        raise DoesNotCompileError(f"{FILE}:{line}: error: '#line': messages need the lines as they are: leave it out")


def _refuse_foreign_files(source: str) -> None:
    """Raises DoesNotCompileError for an include of anything but a header's name."""
    whole = _BLANKED.sub(lambda found: found[0] if found[0][0] in "\"'" else _spaces(found[0]), _SPLICE.sub("", source))
    for found in _INCLUDE.finditer(whole):
        if not _HEADER.fullmatch(found[1].strip()):
            line, name = whole.count("\n", 0, found.start()) + 1, found[1].strip()[:60]
            raise DoesNotCompileError(
                f"{FILE}:{line}: error: '#include {name}': a kernel can include headers, by their name only"
            )


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _blank(source: str) -> str:
    """The source with spaces for comments and literals."""
    return _BLANKED.sub(lambda found: _spaces(found[0]), source)


def _is_template(blanked: str, kernel: re.Match[str]) -> bool:
    return _TEMPLATE.search(blanked[: kernel.start()]) is not None


def _parameter_names(blanked: str, begin: int) -> list[str]:
    """Of the parameters up to the closing bracket; a name is what comes last."""
    declared = blanked[begin : begin + blanked[begin:].find(")")].split(",")
    names = [re.findall(r"\w+", parameter.partition("=")[0].partition("[")[0]) for parameter in declared]
    return [words[-1] if words else "" for words in names]


def _definitions(dynamic: list[str]) -> list[str]:
    if not dynamic:
        return []
    others = [f'asm(".globl {name}\\n.set {name}, {dynamic[0]}");' for name in dynamic[1:]]
    return [f"CK_DYNAMIC({dynamic[0]}, {DYNAMIC_SHARED_BYTES})", *others]


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    parts, end = [], 0
    for begin, behind, new in sorted(edits):
        parts += [text[end:begin], new]
        end = behind
    return "".join([*parts, text[end:]])
