"""Kernels that do the same to each element, from one line of C."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ._errors import LogicError
from ._launch import Function
from ._layout import splay
from ._types import Argument, ScalarArg, VectorArg, parse_arguments
from .compiler import SourceModule

COMPLEX = "#include <pycuda-complex.hpp>\n"
_ALL = """{preamble}
extern "C" __global__ void {name}({arguments}) {{
    size_t tid = threadIdx.x, cta_start = (size_t)blockDim.x * blockIdx.x;
    size_t i, total_threads = (size_t)gridDim.x * blockDim.x;
    {loop_prep};
    for (i = cta_start + tid; i < n; i += total_threads) {{
        {operation};
    }}
    {after_loop};
}}
"""
_RANGE = """{preamble}
extern "C" __global__ void {name}({arguments}) {{
    long tid = threadIdx.x, cta_start = (long)blockDim.x * blockIdx.x;
    long i, total_threads = (long)gridDim.x * blockDim.x;
    {loop_prep};
    for (i = start + (cta_start + tid) * step; step < 0 ? i > stop : i < stop; i += total_threads * step) {{
        {operation};
    }}
    {after_loop};
}}
"""


def _module(template: str, arguments: Sequence[Argument], operation: str, name: str, **parts: Any) -> SourceModule:
    options, keep = parts.pop("options", None), parts.pop("keep", False)
    filled = {"preamble": "", "loop_prep": "", "after_loop": "", **parts}
    declared = ", ".join(argument.declarator() for argument in arguments)
    if "complex" in declared:
        filled["preamble"] = f"{COMPLEX}{filled['preamble']}"
    source = template.format(name=name, arguments=declared, operation=operation, **filled)
    return SourceModule(source, options=options, keep=keep, no_extern_c=True)


def get_elwise_module(
    arguments: Sequence[Argument], operation: str, name: str = "kernel", **parts: Any
) -> SourceModule:
    """The last argument is to be `n`."""
    return _module(_ALL, arguments, operation, name, **parts)


def get_elwise_range_module(
    arguments: Sequence[Argument], operation: str, name: str = "kernel", **parts: Any
) -> SourceModule:
    """The last arguments are to be `start`, `stop` and `step`."""
    return _module(_RANGE, arguments, operation, name, **parts)


def get_elwise_kernel_and_types(
    arguments: str | Sequence[Argument], operation: str, name: str = "kernel", use_range: bool = False, **parts: Any
) -> tuple[SourceModule, Function, list[Argument]]:
    """The kernel, prepared, and all of its arguments."""
    own = parse_arguments(arguments)
    if use_range:
        own += [ScalarArg(np.dtype(np.int64), word) for word in ("start", "stop", "step")]
        module = get_elwise_range_module(own, operation, name, **parts)
    else:
        own.append(ScalarArg(np.dtype(np.uint64), "n"))
        module = get_elwise_module(own, operation, name, **parts)
    return module, module.get_function(name).prepare([argument.struct_char for argument in own]), own


def get_elwise_kernel(
    arguments: str | Sequence[Argument], operation: str, name: str = "kernel", **parts: Any
) -> Function:
    """The kernel, prepared; behind its own arguments it wants the number of elements."""
    return get_elwise_kernel_and_types(arguments, operation, name, **parts)[1]


def get_linear_combination_kernel(
    summand_descriptors: Sequence[tuple[bool, DTypeLike, DTypeLike]], dtype_z: DTypeLike
) -> tuple[Function, list[Any]]:
    """A kernel for the sum of numbers times arrays: for each a number and an array, then the result's array, then n.

    Each description: whether the number is in device memory, and the dtypes of both. Raises LogicError for numbers in
    device memory, which PyCUDA reads through textures.
    """
    if any(on_device for on_device, _, _ in summand_descriptors):
        raise LogicError("numbers in device memory are read through textures, which are not available on the CPU")
    arguments: list[Argument] = []
    for n, (_, number, vector) in enumerate(summand_descriptors):
        arguments += [ScalarArg(np.dtype(number), f"a{n}"), VectorArg(np.dtype(vector), f"x{n}")]
    total = " + ".join(f"a{n} * x{n}[i]" for n in range(len(summand_descriptors)))
    arguments.append(VectorArg(np.dtype(dtype_z), "z"))
    return get_elwise_kernel(arguments, f"z[i] = {total}", "linear_combination"), []


class ElementwiseKernel:
    """Does `operation`, C with the index `i`, for each element of the arrays among the arguments.

    Further parts: `preamble` before the kernel, `loop_prep` and `after_loop` around its loop, and nvcc's `options`.
    Raises CompileError at the first call.
    """

    def __init__(self, arguments: str | Sequence[Argument], operation: str, name: str = "kernel", **parts: Any) -> None:
        self._arguments, self._operation, self._name, self._parts = arguments, operation, name, parts

    def _build(self, use_range: bool) -> tuple[Function, list[Argument]]:
        _, function, arguments = get_elwise_kernel_and_types(
            self._arguments, self._operation, self._name, use_range, **self._parts
        )
        if not any(isinstance(argument, VectorArg) for argument in arguments):
            raise AssertionError("an ElementwiseKernel needs an array among its arguments")
        return function, arguments

    @cached_property
    def _for_all(self) -> tuple[Function, list[Argument]]:
        return self._build(use_range=False)

    @cached_property
    def _for_range(self) -> tuple[Function, list[Argument]]:
        return self._build(use_range=True)

    def __call__(self, *args: Any, range: slice | None = None, slice: slice | None = None, stream: Any = None) -> None:
        """For all elements of the first array, or those of a range or slice of it.

        Raises RuntimeError for arrays whose elements do not lie side by side.
        """
        if range is not None and slice is not None:
            raise TypeError("a range and a slice cannot both be given")
        function, arguments = self._for_all if range is None and slice is None else self._for_range
        values, arrays = launch_values(args, arguments)
        if slice is not None:
            values += slice.indices(arrays[0].size)
        elif range is not None:
            values += [range.start, range.stop, range.step or 1]
        else:
            values.append(arrays[0].size)
            function.prepared_call(arrays[0]._grid, arrays[0]._block, *values)
            return
        start, stop, step = values[-3:]
        grid, block = splay(max((stop - start) // step, 1))
        function.prepared_call(grid, block, *values)


def launch_values(args: Sequence[Any], arguments: Sequence[Argument]) -> tuple[list[Any], list[Any]]:
    """What a prepared kernel is called with, and which of it are arrays. Raises RuntimeError for arrays with gaps."""
    values, arrays = [], []
    for value, argument in zip(args, arguments, strict=False):
        if not isinstance(argument, VectorArg):
            values.append(value)
        elif not value.flags.forc:
            raise RuntimeError("only arrays whose elements lie side by side can be used here: take a copy() first")
        else:
            values.append(value.gpudata)
            arrays.append(value)
    return values, arrays
