"""Dataclasses as JSON values and back: how results are kept, and how they and jobs cross between processes."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
UNBOUNDED = ("inf", "-inf", "nan")


def to_json(value: Any) -> Any:
    """Dataclasses as dicts of JSON types, field order kept, no field left out; bytes in base64.

    JSON has no infinity and no NaN: they become the strings "inf", "-inf" and "nan".
    """
    return _bounded(msgspec.to_builtins(value, str_keys=True, enc_hook=float))


def _bounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_bounded(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def from_json(cls: type[T], data: Any) -> T:
    """The inverse of `to_json`. Raises ValueError when `data` is not of the shape of `cls`."""
    try:
        value = msgspec.convert(data, cls, str_keys=True, dec_hook=_measured)
    except msgspec.ValidationError as e:
        raise ValueError(f"not a {cls.__name__}: {e}") from e
    if _has_more(data, to_json(value)):
        raise ValueError(f"not a {cls.__name__}: it has a field of another name")
    return value


def _measured(kind: type, data: Any) -> Any:
    return kind(data if data in UNBOUNDED else msgspec.convert(data, float))


def _has_more(data: Any, kept: Any) -> bool:
    """Whether something was left out: `convert` ignores what a dataclass has no field for."""
    if isinstance(data, dict):
        return any(key not in kept or _has_more(item, kept[key]) for key, item in data.items())
    return isinstance(data, list | tuple) and any(map(_has_more, data, kept))
