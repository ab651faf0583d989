"""Kernels that make one value of all elements, from an expression of C."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ._launch import Function
from ._types import Argument, ScalarArg, VectorArg, dtype_to_ctype, parse_arguments
from .compiler import SourceModule
from .elementwise import COMPLEX, launch_values
from .gpuarray import GPUArray

_THREADS = 512
_PER_THREAD = 4
_MOST_BLOCKS = 1024
_SOURCE = """{preamble}
#define REDUCE(a, b) ({reduce_expr})
#define READ_AND_MAP(i) ({map_expr})
typedef {out_type} out_type;

extern "C" __global__ void {name}(out_type *out, {arguments}, size_t n) {{
    extern __shared__ out_type sdata[];
    unsigned tid = threadIdx.x;
    out_type acc = {neutral};
    for (size_t i = (size_t)blockIdx.x * blockDim.x + tid; i < n; i += (size_t)gridDim.x * blockDim.x)
        acc = REDUCE(acc, READ_AND_MAP(i));
    sdata[tid] = acc;
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {{
        __syncthreads();
        if (tid < half) sdata[tid] = REDUCE(sdata[tid], sdata[tid + half]);
    }}
    if (tid == 0) out[blockIdx.x] = sdata[0];
}}
"""


class ReductionKernel:
    """Maps each element (`map_expr`, C with the index `i`), then combines two at a time (`reduce_expr`, of a and b).

    Raises CompileError.
    """

    def __init__(
        self,
        dtype_out: DTypeLike,
        neutral: Any,
        reduce_expr: str,
        map_expr: str | None = None,
        arguments: str | Sequence[Argument] | None = None,
        name: str = "reduce_kernel",
        keep: bool = False,
        options: Sequence[str] | None = None,
        preamble: str = "",
        allocator: Any = None,
    ) -> None:
        self.dtype_out = np.dtype(dtype_out)
        parts: dict[str, Any] = {"neutral": neutral, "reduce_expr": reduce_expr, "preamble": preamble}
        first = parse_arguments(arguments or f"const {dtype_to_ctype(dtype_out)} *in")
        if not any(isinstance(argument, VectorArg) for argument in first):
            raise AssertionError("a ReductionKernel needs an array among its arguments")
        partial = VectorArg(self.dtype_out, "partial_results")
        self._first = self._stage(f"{name}_stage1", first, map_expr or "in[i]", options, parts)
        self._second = self._stage(f"{name}_stage2", [partial, *first], "partial_results[i]", options, parts)

    def _stage(
        self, name: str, arguments: list[Argument], map_expr: str, options: Any, parts: dict[str, Any]
    ) -> tuple[Function, list[Argument]]:
        declared = ", ".join(argument.declarator() for argument in arguments)
        out_type = dtype_to_ctype(self.dtype_out)
        head = COMPLEX if "complex" in declared + out_type else ""
        filled = {"name": name, "arguments": declared, "map_expr": map_expr, "out_type": out_type, **parts}
        source = head + _SOURCE.format(**filled)
        function = SourceModule(source, options=options, no_extern_c=True).get_function(name)
        formats = ["P", *(argument.struct_char for argument in arguments)]
        return function.prepare([*formats, ScalarArg(np.dtype(np.uint64), "n").struct_char]), arguments

    def __call__(
        self, *args: Any, stream: Any = None, out: GPUArray | None = None, allocator: Any = None, **_: Any
    ) -> GPUArray:
        """An array of no dimension, or `out`. Raises RuntimeError for arrays whose elements do not lie side by side."""
        if out is not None and (out.dtype != self.dtype_out or out.size == 0):
            raise ValueError(f"the result is to be an array of {self.dtype_out}, with an element")
        arrays = launch_values(args, self._first[1])[1]
        make = allocator or arrays[0].allocator
        stage, given, size = self._first, list(args), arrays[0].size
        while True:
            blocks = min(max(-(-size // (_THREADS * _PER_THREAD)), 1), _MOST_BLOCKS)
            shape = (blocks,) if blocks > 1 else ()
            result = GPUArray(shape, self.dtype_out, make) if out is None or blocks > 1 else out
            self._run(stage, given, result, blocks, size)
            if blocks == 1:
                return result
            stage, given, size = self._second, [result, *args], blocks

    def _run(
        self, stage: tuple[Function, list[Argument]], args: list[Any], result: GPUArray, blocks: int, size: int
    ) -> None:
        function, arguments = stage
        values, _ = launch_values(args, arguments)
        shared = _THREADS * self.dtype_out.itemsize
        values = [result.gpudata, *values, size]
        function.prepared_call((blocks, 1), (_THREADS, 1, 1), *values, shared_size=shared)
