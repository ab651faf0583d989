"""What the device and its compiler are like."""

from __future__ import annotations

import numpy as np

from .compiler import SourceModule
from .gpuarray import GPUArray
from .tools import context_dependent_memoize


def platform_bits() -> int:
    """Of an address."""
    return 64


def has_stack() -> bool:
    return True


def has_double_support() -> bool:
    return True


@context_dependent_memoize
def sizeof(type_name: str, preamble: str = "") -> int:
    """In bytes, of a type of C."""
    source = f'{preamble}\nextern "C" __global__ void tell(size_t *size) {{ *size = sizeof({type_name}); }}'
    size = GPUArray((), np.uint64)
    SourceModule(source, no_extern_c=True).get_function("tell")(size, block=(1, 1, 1))
    return int(size.get())
