"""Modules: what is compiled from one source."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from . import _device
from ._context import STATIC_SHARED_LIMIT, current_engine
from ._errors import CompileError, LogicError
from ._launch import Function
from ._memory import add_variable
from ._source import clean_message

_MARK = b"kernel for the CPU\n"


@dataclass(frozen=True)
class Recipe:
    """All that a module is compiled from."""

    source: str
    extern_c: bool
    defines: tuple[str, ...]
    include: tuple[str, ...]

    def to_bytes(self) -> bytes:
        """What stands for a compiled module; `module_from_buffer` takes it."""
        return _MARK + json.dumps(asdict(self)).encode()

    @staticmethod
    def from_bytes(data: bytes) -> Recipe:
        """Raises LogicError for what is of another compiler."""
        if not data.startswith(_MARK):
            raise LogicError("cuModuleLoadDataEx failed: invalid image: it was not compiled for the CPU")
        told = json.loads(data[len(_MARK) :])
        return Recipe(told["source"], told["extern_c"], tuple(told["defines"]), tuple(told["include"]))


def recipe_of(source: str, options: Sequence[str] | None, no_extern_c: bool, include_dirs: Sequence[str]) -> Recipe:
    """Of nvcc's options, definitions and folders of headers count; the others are for another compiler."""
    words = " ".join(re.sub(r"^(-[DI])\s+", r"\1", option.strip()) for option in options or ())
    words = re.sub(r"(^|\s)(-[DI])\s+", r"\1\2", words)
    defines = tuple(word[2:] for word in words.split() if word.startswith("-D"))
    include = tuple(word[2:] for word in words.split() if word.startswith("-I"))
    return Recipe(source, not no_extern_c, defines, (*include, *map(str, include_dirs)))


def build(recipe: Recipe) -> _device.Program:
    """Raises CompileError with the compiler's message."""
    engine = current_engine("cuModuleLoadDataEx")
    try:
        return _device.Program(engine, recipe.source, recipe.extern_c, recipe.defines, recipe.include)
    except _device.DoesNotCompileError as wrong:
        message = str(wrong)
    if engine.build == _device.CHECKED:
        parts = recipe.source, recipe.extern_c, recipe.defines, recipe.include
        message = _device.message_of_fast_build(*parts) or message
    raise CompileError("compilation of kernel.cu failed", [], stderr=clean_message(message, recipe.source))


class Module:
    """The kernels and variables of one source."""

    def __init__(self, recipe: Recipe) -> None:
        self._program = build(recipe)
        self._prints = "printf" in recipe.source
        for name in self._program.kernels:
            self._refuse_too_much_shared(self.get_function(name))

    def _refuse_too_much_shared(self, function: Function) -> None:
        if function.shared_size_bytes > STATIC_SHARED_LIMIT:
            raise CompileError(
                "compilation of kernel.cu failed",
                [],
                stderr=f"kernel.cu: error: {function._kernel.name} uses too much shared memory: "
                f"{function.shared_size_bytes} bytes, and {STATIC_SHARED_LIMIT} are the most",
            )

    def get_function(self, name: str) -> Function:
        """The kernel of this name. Raises LogicError if there is none."""
        plain = re.match(r"_Z(\d+)(.*)", name)
        short = plain[2][: int(plain[1])] if plain else name
        try:
            kernel = self._program.function(short)
        except KeyError:
            known = ", ".join(self._program.kernels) or "none"
            raise LogicError(
                f"cuModuleGetFunction failed: named symbol not found: no kernel {name}; there are: {known}"
            ) from None
        return Function(kernel, self._prints)

    def get_global(self, name: str) -> tuple[int, int]:
        """Address and size in bytes of a variable. Raises LogicError if there is none."""
        try:
            address, size = self._program.variable(name)
        except KeyError:
            raise LogicError(f"cuModuleGetGlobal failed: named symbol not found: no variable {name}") from None
        add_variable(address, size)
        return address, size

    def get_texref(self, name: str) -> NoReturn:
        raise LogicError("cuModuleGetTexRef failed: textures are not available on the CPU")

    def get_surfref(self, name: str) -> NoReturn:
        raise LogicError("cuModuleGetSurfRef failed: surfaces are not available on the CPU")


def module_from_buffer(buffer: Any, options: Sequence[Any] = (), message_handler: Any = None) -> Module:
    """Of what `pycuda.compiler.compile` returned. Raises LogicError for anything else."""
    return Module(Recipe.from_bytes(bytes(buffer)))


def module_from_file(filename: str) -> Module:
    """Of a file with what `pycuda.compiler.compile` returned."""
    return module_from_buffer(Path(filename).read_bytes())
