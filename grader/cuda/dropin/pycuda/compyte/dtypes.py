"""C's names of types."""

from __future__ import annotations

from .._types import TypeNameNotKnown, dtype_to_ctype, get_or_register_dtype, register_dtype

__all__ = ["TypeNameNotKnown", "dtype_to_ctype", "get_or_register_dtype", "register_dtype"]
