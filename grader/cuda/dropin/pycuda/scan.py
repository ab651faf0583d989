"""Kernels that combine each element with all before it, from an expression of C."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike

from ._types import dtype_to_ctype
from .compiler import SourceModule
from .elementwise import COMPLEX
from .gpuarray import GPUArray, empty_like

_THREADS = 128
_PER_THREAD = 16
_SOURCE = """{preamble}
#define SCAN_EXPR(a, b) ({scan_expr})
typedef {scan_type} scan_type;

struct scan_part {{ size_t begin, end; }};
static __device__ scan_part scan_part_of(size_t n) {{
    size_t begin = ((size_t)blockIdx.x * {threads} + threadIdx.x) * {per_thread};
    return {{begin < n ? begin : n, begin + {per_thread} < n ? begin + {per_thread} : n}};
}}

// Each block by itself; totals gets the value of each block's last element.
extern "C" __global__ void {name}_blocks(const scan_type *input, scan_type *output, scan_type *totals, size_t n) {{
    extern __shared__ scan_type sums[];
    unsigned tid = threadIdx.x;
    scan_part part = scan_part_of(n);
    bool busy = part.begin < part.end;
    if (busy) {{
        scan_type sum = input[part.begin];
        output[part.begin] = sum;
        for (size_t i = part.begin + 1; i < part.end; i++) {{
            sum = SCAN_EXPR(sum, input[i]);
            output[i] = sum;
        }}
        sums[tid] = sum;
    }}
    for (unsigned distance = 1; distance < {threads}; distance *= 2) {{
        __syncthreads();
        bool adds = busy && tid >= distance;
        scan_type sum;
        if (adds) sum = SCAN_EXPR(sums[tid - distance], sums[tid]);
        __syncthreads();
        if (adds) sums[tid] = sum;
    }}
    __syncthreads();
    if (busy && tid > 0)
        for (size_t i = part.begin; i < part.end; i++) output[i] = SCAN_EXPR(sums[tid - 1], output[i]);
    if (busy && (tid == {threads} - 1 || part.end == n)) totals[blockIdx.x] = sums[tid];
}}

// What comes from the blocks before.
extern "C" __global__ void {name}_update(scan_type *output, const scan_type *totals, size_t n) {{
    scan_part part = scan_part_of(n);
    if (blockIdx.x > 0)
        for (size_t i = part.begin; i < part.end; i++) output[i] = SCAN_EXPR(totals[blockIdx.x - 1], output[i]);
}}
"""
_SHIFT = """
// The same, and each element moves on by one.
extern "C" __global__ void {name}_shift(scan_type *output, const scan_type *totals, size_t n) {{
    scan_part part = scan_part_of(n);
    bool busy = part.begin < part.end;
    scan_type before;
    if (blockIdx.x > 0) before = totals[blockIdx.x - 1];
    else before = {neutral};
    if (busy && threadIdx.x > 0) {{
        if (blockIdx.x > 0) before = SCAN_EXPR(before, output[part.begin - 1]);
        else before = output[part.begin - 1];
    }}
    __syncthreads();
    for (size_t i = part.begin; i < part.end; i++) {{
        scan_type own = output[i];
        if (blockIdx.x > 0) own = SCAN_EXPR(totals[blockIdx.x - 1], own);
        output[i] = before;
        before = own;
    }}
}}
"""


class _ScanKernel:
    """What both scans share. `scan_expr` is of a and b. Raises CompileError."""

    _is_exclusive = False

    def __init__(
        self,
        dtype: DTypeLike,
        scan_expr: str,
        neutral: Any = None,
        name_prefix: str = "scan",
        options: Sequence[str] | None = None,
        preamble: str = "",
        devices: Any = None,
    ) -> None:
        if self._is_exclusive and neutral is None:
            raise ValueError("an exclusive scan begins with the neutral element: it is to be given")
        self.dtype, self.neutral = np.dtype(dtype), neutral
        parts = {"preamble": preamble, "scan_expr": scan_expr, "scan_type": dtype_to_ctype(dtype), "name": name_prefix}
        parts |= {"threads": str(_THREADS), "per_thread": str(_PER_THREAD), "neutral": str(neutral)}
        head = COMPLEX if self.dtype.kind == "c" else ""
        source = head + (_SOURCE + (_SHIFT if self._is_exclusive else "")).format(**parts)
        module = SourceModule(source, options=options, no_extern_c=True)
        self._blocks = module.get_function(f"{name_prefix}_blocks").prepare("PPPL")
        self._update = module.get_function(f"{name_prefix}_update").prepare("PPL")
        self._shift = module.get_function(f"{name_prefix}_shift").prepare("PPL") if self._is_exclusive else None

    def __call__(
        self,
        input_ary: GPUArray,
        output_ary: GPUArray | Literal["new"] | None = None,
        allocator: Any = None,
        stream: Any = None,
    ) -> GPUArray:
        """Into `output_ary`, a "new" array, or the input itself. ValueError, RuntimeError for wrong shapes."""
        output = empty_like(input_ary) if isinstance(output_ary, str) else output_ary
        output = input_ary if output is None else output
        if input_ary.shape != output.shape:
            raise ValueError("input and output are to be of one shape")
        if not input_ary.flags.forc:
            raise RuntimeError("only arrays whose elements lie side by side can be scanned: take a copy() first")
        (n,) = input_ary.shape
        if n:
            totals = self._scan_blocks(input_ary.gpudata, output.gpudata, n, allocator or input_ary.allocator)
            finish = self._shift or self._update
            finish.prepared_call(*self._extents(n), output.gpudata, totals, n)
        return output

    @staticmethod
    def _extents(n: int) -> tuple[tuple[int, int], tuple[int, int, int]]:
        return (-(-n // (_THREADS * _PER_THREAD)), 1), (_THREADS, 1, 1)

    def _scan_blocks(self, source: Any, target: Any, n: int, allocator: Any) -> Any:
        """Scans each block; what is returned are the scanned totals of blocks."""
        grid, block = self._extents(n)
        totals = allocator(grid[0] * self.dtype.itemsize)
        shared = _THREADS * self.dtype.itemsize
        self._blocks.prepared_call(grid, block, source, target, totals, n, shared_size=shared)
        if grid[0] > 1:
            higher = self._scan_blocks(totals, totals, grid[0], allocator)
            self._update.prepared_call(*self._extents(grid[0]), totals, higher, grid[0])
        return totals


class InclusiveScanKernel(_ScanKernel):
    """Each element becomes what all up to and with itself come to."""


class ExclusiveScanKernel(_ScanKernel):
    """Each element becomes what all before it come to; the first, `neutral`."""

    _is_exclusive = True
