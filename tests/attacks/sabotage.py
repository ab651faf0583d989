"""Ways to break the launcher on purpose, each of which the attacks must find out."""

from __future__ import annotations

from collections.abc import Callable

SABOTAGES: dict[str, Callable[[], None]] = {}
