"""CUDA C, compiled where it is called from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from ._errors import CompileError, LogicError
from ._launch import Function
from ._module import Module, build, recipe_of

__all__ = [
    "DEFAULT_NVCC_FLAGS",
    "CompileError",
    "CudaModule",
    "DynamicModule",
    "DynamicSourceModule",
    "SourceModule",
    "compile",
]

DEFAULT_NVCC_FLAGS: list[str] = []


def compile(
    source: str,
    nvcc: str = "nvcc",
    options: Sequence[str] | None = None,
    keep: bool = False,
    no_extern_c: bool = False,
    arch: str | None = None,
    code: str | None = None,
    cache_dir: Any = None,
    include_dirs: Sequence[str] = (),
    target: str = "cubin",
) -> bytes:
    """What `pycuda.driver.module_from_buffer` takes. Raises CompileError."""
    recipe = recipe_of(source, options if options is not None else DEFAULT_NVCC_FLAGS, no_extern_c, include_dirs)
    build(recipe)
    return recipe.to_bytes()


class CudaModule:
    """What has kernels and variables, in `module`."""

    module: Module

    def get_global(self, name: str) -> tuple[int, int]:
        """Address and size in bytes of a variable."""
        return self.module.get_global(name)

    def get_texref(self, name: str) -> NoReturn:
        self.module.get_texref(name)

    def get_surfref(self, name: str) -> NoReturn:
        self.module.get_surfref(name)

    def get_function(self, name: str) -> Function:
        return self.module.get_function(name)


class SourceModule(CudaModule):
    """Kernels from a string. Raises CompileError, whose text has the line numbers of the source.

    `options` count as far as they define something or name folders of headers; `nvcc`, `keep`, `arch`, `code` and
    `cache_dir` are for another compiler.
    """

    def __init__(
        self,
        source: str,
        nvcc: str = "nvcc",
        options: Sequence[str] | None = None,
        keep: bool = False,
        no_extern_c: bool = False,
        arch: str | None = None,
        code: str | None = None,
        cache_dir: Any = None,
        include_dirs: Sequence[str] = (),
    ) -> None:
        given = options if options is not None else DEFAULT_NVCC_FLAGS
        self.module = Module(recipe_of(source, given, no_extern_c, include_dirs or ()))


class DynamicModule(CudaModule):
    """Kernels that launch kernels: not available here. Raises LogicError."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise LogicError("kernels that launch kernels are not available on the CPU")


class DynamicSourceModule(DynamicModule):
    """Kernels that launch kernels: not available here. Raises LogicError."""
