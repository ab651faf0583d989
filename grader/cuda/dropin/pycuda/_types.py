"""C's names of numpy's types, and arguments as C declares them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

_NAMES: dict[str, DTypeLike] = {
    "bool": np.bool_,
    "char": np.int8,
    "signed char": np.int8,
    "unsigned char": np.uint8,
    "short": np.int16,
    "unsigned short": np.uint16,
    "int": np.int32,
    "unsigned int": np.uint32,
    "unsigned": np.uint32,
    "long": np.int64,
    "unsigned long": np.uint64,
    "long long": np.int64,
    "unsigned long long": np.uint64,
    "int8_t": np.int8,
    "uint8_t": np.uint8,
    "int16_t": np.int16,
    "uint16_t": np.uint16,
    "int32_t": np.int32,
    "uint32_t": np.uint32,
    "int64_t": np.int64,
    "uint64_t": np.uint64,
    "size_t": np.uint64,
    "ptrdiff_t": np.int64,
    "float": np.float32,
    "double": np.float64,
    "pycuda::complex<float>": np.complex64,
    "pycuda::complex<double>": np.complex128,
}
_dtypes: dict[str, np.dtype[Any]] = {name: np.dtype(kind) for name, kind in _NAMES.items()}
_names: dict[np.dtype[Any], str] = {}
for _name, _dtype in _dtypes.items():
    _names.setdefault(_dtype, _name)


class TypeNameNotKnown(RuntimeError):  # noqa: N818 - the name is PyCUDA's
    """C's name is not of a type that numpy knows, or was told of."""


def dtype_to_ctype(dtype: DTypeLike, with_fp_tex_hack: bool = False) -> str:
    """C's name. Raises ValueError for a type that has none."""
    if dtype is None:
        raise ValueError("None is no type")
    try:
        return _names[np.dtype(dtype)]
    except KeyError:
        raise ValueError(f"C has no name for the type {np.dtype(dtype)}: see register_dtype") from None


def ctype_to_dtype(name: str) -> np.dtype[Any]:
    """Raises TypeNameNotKnown."""
    try:
        return _dtypes[name]
    except KeyError:
        raise TypeNameNotKnown(f"{name} is not known as a type: see register_dtype") from None


def get_or_register_dtype(names: str | Sequence[str], dtype: DTypeLike | None = None) -> np.dtype[Any]:
    """Tells C's names of a type, or asks for the type of a name. Raises RuntimeError where they contradict."""
    wanted = [names] if isinstance(names, str) else list(names)
    if dtype is None:
        return ctype_to_dtype(wanted[0])
    kind: np.dtype[Any] = np.dtype(dtype)
    for name in wanted:
        if _dtypes.setdefault(name, kind) != kind:
            raise RuntimeError(f"{name} is known as another type")
    _names.setdefault(kind, wanted[0])
    return kind


def register_dtype(dtype: DTypeLike, name: str | Sequence[str]) -> None:
    """Tells C's name, or names, of a type."""
    get_or_register_dtype(name, dtype)


@dataclass
class Argument:
    """Of a kernel that this package writes."""

    dtype: np.dtype[Any]
    name: str

    def __post_init__(self) -> None:
        self.dtype = np.dtype(self.dtype)

    def declarator(self) -> str:
        """As C declares it."""
        raise NotImplementedError

    @property
    def struct_char(self) -> str:
        """For Function.prepare."""
        raise NotImplementedError


class VectorArg(Argument):
    """The address of an array."""

    def declarator(self) -> str:
        return f"{dtype_to_ctype(self.dtype)} *{self.name}"

    @property
    def struct_char(self) -> str:
        return "P"


class ScalarArg(Argument):
    """A number or a struct."""

    def declarator(self) -> str:
        return f"{dtype_to_ctype(self.dtype)} {self.name}"

    @property
    def struct_char(self) -> str:
        return f"{self.dtype.itemsize}s" if self.dtype.char == "V" else self.dtype.char


def parse_c_arg(declaration: str) -> Argument:
    """`const float *x` and the like. Raises ValueError and TypeNameNotKnown."""
    plain = re.sub(r"\b(const|volatile|restrict|__restrict__|struct)\b", " ", declaration)
    found = re.fullmatch(r"\s*(.+?)\s*([*\s])\s*(\w+)\s*", plain, re.DOTALL)
    if not found:
        raise ValueError(f"this is no declaration of an argument: {declaration!r}")
    kind = ctype_to_dtype(" ".join(found[1].split()))
    return (VectorArg if found[2] == "*" else ScalarArg)(kind, found[3])


def parse_arguments(arguments: str | Sequence[Argument]) -> list[Argument]:
    """Of a list, or of one string with commas."""
    return [parse_c_arg(part) for part in arguments.split(",")] if isinstance(arguments, str) else list(arguments)
