"""How arrays lie in memory."""

from __future__ import annotations

from .._layout import Flags as ArrayFlags
from .._layout import common_dtype as get_common_dtype

__all__ = ["ArrayFlags", "get_common_dtype"]
