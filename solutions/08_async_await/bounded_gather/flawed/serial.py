"""Awaits one after the other: never more than one is in progress, whatever the limit.

caught_by: test_next_starts_at_once
verdict: fail
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def bounded_gather(factories: Iterable[Callable[[], Awaitable[T]]], limit: int) -> list[T]:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    return [await factory() for factory in factories]
