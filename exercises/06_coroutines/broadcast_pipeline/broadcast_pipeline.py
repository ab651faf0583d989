"""Stages of a push pipeline, as generator-based coroutines. The rules are in README.md."""

from collections.abc import Callable, Generator, Iterable
from typing import Any

# Waits at a `yield` to be sent an item.
Stage = Generator[None, Any, None]


def coroutine(function: Callable[..., Stage]) -> Callable[..., Stage]:
    """A decorator: calls of the generator function return generators that are primed already."""
    raise NotImplementedError


def source(items: Iterable[Any], target: Stage) -> None:
    """Send each of the items to the target, then close it: also if something raises, which then comes out."""
    raise NotImplementedError


# The stages below are coroutines: let `coroutine` prime them. Each closes what it sends to, however it ends.


def filter_(pred: Callable[[Any], Any], target: Stage) -> Stage:
    """Send on the items for which `pred(item)` is true."""
    raise NotImplementedError


def map_(fn: Callable[[Any], Any], target: Stage) -> Stage:
    """Send on `fn(item)` for each item."""
    raise NotImplementedError


def broadcast(*targets: Stage) -> Stage:
    """Send each item to all targets, one after the other."""
    raise NotImplementedError


def sink(collect: Callable[[Any], object]) -> Stage:
    """Call `collect` with each item."""
    raise NotImplementedError
