"""CUDA's vectors, as dtypes: `vec.float3` with the fields x, y and z, and `vec.make_float3`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._types import ctype_to_dtype, get_or_register_dtype

_BASES = {
    "char": "char",
    "uchar": "unsigned char",
    "short": "short",
    "ushort": "unsigned short",
    "int": "int",
    "uint": "unsigned int",
    "long": "long",
    "ulong": "unsigned long",
    "longlong": "long long",
    "ulonglong": "unsigned long long",
    "float": "float",
    "double": "double",
}


class _Vectors:
    """Each vector as an attribute, and what makes one."""

    def __init__(self) -> None:
        for base, name in _BASES.items():
            for count in range(1, 5):
                dtype = np.dtype([(field, ctype_to_dtype(name)) for field in "xyzw"[:count]])
                get_or_register_dtype(f"{base}{count}", dtype)
                setattr(self, f"{base}{count}", dtype)
                setattr(self, f"make_{base}{count}", _maker(dtype))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"there is no vector {name}")


def _maker(dtype: np.dtype[Any]) -> Callable[..., NDArray[Any]]:
    def make(*parts: float) -> NDArray[Any]:
        return np.array(parts, dtype=dtype)

    return make


vec = _Vectors()
