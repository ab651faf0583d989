"""What of the host a kernel may use: what a GPU has, too. Anything else it names is refused before it is loaded.

This is no sandbox (kernels run in one), but a clear word for who calls what no GPU has, and one way less to tamper with
what the runtime finds.
"""

from __future__ import annotations

import re
from functools import cache

from .compiler import NATIVE
from .image import Image, variable_name
from .screening import line_of_word, refused
from .source import FILE, DoesNotCompileError

_OFFERED = re.compile(
    r"ck_(?:barrier|barrier_count|exchange|fence|clock|trap|assert_failed|printf|atomic|move|set|loop_(?:entered|turned|left))"
    r"|ck_(?:thread|block)_index|ck_(?:block|grid)_size|threadIdx|blockIdx|blockDim|gridDim"
    r"|__tsan_(?:init|func_(?:entry|exit)|mem(?:cpy|set|move)|(?:read|write)_range)"
    r"|__tsan_(?:unaligned_|volatile_)?(?:read|write|read_write)(?:1|2|4|8|16)"
    r"|__tsan_vptr_(?:read|update)|__ubsan_handle_\w+|mem(?:cpy|set|move|cmp)|_GLOBAL_OFFSET_TABLE_"
)
_DECLARED = re.compile(r"CK_MATH[12]\((\w+)\)|^(?:double|float|void|int|long) (\w+)\(", re.MULTILINE)
_MADE_BY_THE_ENGINE = re.compile(r"ck_(?:run|parameters)_\w+|\w+_ck_bytes|_Z\w*ck_(?:call|parameters|numbers)\w*")
_RESERVED = re.compile(r"_{2,3}(?:tsan|ubsan|sanitizer|interceptor)_\w+|ck_\w+|mem(?:cpy|set|move|cmp)|_init|_fini")
_INITIALISER = re.compile(r"_Z41__static_initialization_and_destruction_0ii|_GLOBAL__sub_[ID]_.*|__cxx_global_\w*")
_RUN_AT_ONCE = (".init_array", ".preinit_array", ".fini_array", ".ctors", ".dtors", ".init", ".fini")
_OF_THE_INSTRUMENTATION = 8  # bytes of .init_array in a checked build: what calls __tsan_init
_PER_THREAD = (".tdata", ".tbss")
_TOO_EARLY = (
    "its value is computed before any kernel runs, and no GPU does that: give it a constant, or set it in the kernel"
)
_STATIC = (
    "the engine does not know static variables of templates and inline functions: declare it __device__ outside of it"
)


def refuse_foreign_code(image: Image, source: str, checked: bool) -> None:
    """What is linked, looked at once more before it is loaded. Raises DoesNotCompileError."""
    _refuse_initialisers(image, checked)
    _refuse_statics_of_templates(image, source)
    for symbol in image.symbols:
        if _RESERVED.fullmatch(symbol.name) and not _MADE_BY_THE_ENGINE.fullmatch(symbol.name):
            raise refused(
                line_of_word(source, symbol.name), symbol.name, "such names belong to the engine: choose another"
            )
    foreign = sorted(name for name in image.wanted if not _OFFERED.fullmatch(name) and name not in _mathematics())
    if foreign:
        line = next(filter(None, (line_of_word(source, name) for name in foreign)), 0)
        place = f"{FILE}:{line}" if line else FILE
        raise DoesNotCompileError(
            f"{place}: error: no GPU has {', '.join(map(repr, foreign))}, or the engine does not know it"
        )


def _refuse_initialisers(image: Image, checked: bool) -> None:
    """Raises DoesNotCompileError for code that would run when the kernel is loaded."""
    _refuse_computed_statics(image)
    found = [one for one in image.symbols if not one.is_variable and _INITIALISER.fullmatch(one.name)]
    lines = [image.line_of(one.address + n) for one in found for n in range(1, one.size + 1)]
    if found:
        raise refused(next(filter(None, lines), 0), "a variable's initial value", _TOO_EARLY)
    allowed = {".init_array": _OF_THE_INSTRUMENTATION} if checked else {}
    for name in (*_RUN_AT_ONCE, *_PER_THREAD):
        if name in image.sections and image.sections[name].size > allowed.get(name, 0):
            raise refused(0, f"section {name}", _TOO_EARLY)


def _refuse_computed_statics(image: Image) -> None:
    """Raises DoesNotCompileError for a function's variable, unless shared, with code that is to run once for it."""
    names = {symbol.name for symbol in image.symbols}
    for one in image.symbols:
        is_static = one.is_variable and not one.is_weak and one.section != "ck_shared"
        if is_static and one.name.startswith("_ZZ") and one.name.replace("_ZZ", "_ZGVZ", 1) in names:
            raise refused(0, variable_name(one.name), _TOO_EARLY)


def _refuse_statics_of_templates(image: Image, source: str) -> None:
    """Raises DoesNotCompileError for what the engine would take for shared memory, as it asks for no section."""
    for symbol in image.symbols:
        if symbol.is_variable and symbol.is_weak and symbol.name.startswith("_ZZ") and symbol.section != "ck_shared":
            name = variable_name(symbol.name)
            if not re.search(rf"__shared__[^;]*\b{re.escape(name)}\b", source):
                raise refused(line_of_word(source, name), name, _STATIC)


@cache
def _mathematics() -> frozenset[str]:
    """The functions of the C library that device.h declares, in double and single precision."""
    text = (NATIVE / "device.h").read_text()
    names = {found[1] or found[2] for found in _DECLARED.finditer(text)} - {"name"}
    return frozenset(names | {f"{name}f" for name in names} | {"cexp", "sincos", "sincosf"})
