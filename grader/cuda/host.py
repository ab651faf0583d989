"""What of the host a kernel may use: what a GPU has, too. Anything else it names is refused before it is loaded.

This is no sandbox (kernels run in one), but a clear word for who calls what no GPU has, and one way less to tamper with
what the runtime finds.
"""

from __future__ import annotations

import re
from functools import cache

from .compiler import NATIVE
from .image import Image
from .source import FILE, DoesNotCompileError

_RUNTIME = re.compile(
    r"ck_(?:barrier|barrier_count|exchange|fence|clock|trap|assert_failed|atomic|loop_(?:entered|turned|left))"
    r"|ck_(?:thread|block)_index|ck_(?:block|grid)_size|threadIdx|blockIdx|blockDim|gridDim"
    r"|__tsan_\w+|__ubsan_handle_\w+|mem(?:cpy|set|move|cmp)|printf|puts|putchar|_GLOBAL_OFFSET_TABLE_"
)
_DECLARED = re.compile(r"CK_MATH[12]\((\w+)\)|^(?:double|float|void|int|long) (\w+)\(", re.MULTILINE)


def refuse_foreign_names(image: Image) -> None:
    """Raises DoesNotCompileError if the kernel calls or reads something that is not a GPU's."""
    foreign = [name for name in image.wanted if not _RUNTIME.fullmatch(name) and name not in _mathematics()]
    if foreign:
        raise DoesNotCompileError(f"{FILE}: error: no GPU has {', '.join(map(repr, sorted(foreign)))}")


@cache
def _mathematics() -> frozenset[str]:
    """The functions of the C library that device.h declares, in double and single precision."""
    text = (NATIVE / "device.h").read_text()
    names = {found[1] or found[2] for found in _DECLARED.finditer(text)} - {"name"}
    return frozenset(names | {f"{name}f" for name in names} | {"cexp", "sincos", "sincosf"})
