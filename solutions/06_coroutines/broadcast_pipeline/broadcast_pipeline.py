"""Stages of a push pipeline, as generator-based coroutines."""

from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, closing
from functools import wraps
from typing import Any

# Waits at a `yield` to be sent an item.
Stage = Generator[None, Any, None]


def coroutine(function: Callable[..., Stage]) -> Callable[..., Stage]:
    """A decorator: calls of the generator function return generators that are primed already."""

    @wraps(function)
    def primed(*args: Any, **kwargs: Any) -> Stage:
        stage = function(*args, **kwargs)
        next(stage)
        return stage

    return primed


def source(items: Iterable[Any], target: Stage) -> None:
    """Send each of the items to the target, then close it: also if something raises, which then comes out."""
    with closing(target):
        for item in items:
            target.send(item)


@coroutine
def filter_(pred: Callable[[Any], Any], target: Stage) -> Stage:
    """Send on the items for which `pred(item)` is true."""
    with closing(target):
        while True:
            item = yield
            if pred(item):
                target.send(item)


@coroutine
def map_(fn: Callable[[Any], Any], target: Stage) -> Stage:
    """Send on `fn(item)` for each item."""
    with closing(target):
        while True:
            target.send(fn((yield)))


@coroutine
def broadcast(*targets: Stage) -> Stage:
    """Send each item to all targets, one after the other. The stack closes all, even if closing one raises."""
    with ExitStack() as stack:
        for target in targets:
            stack.enter_context(closing(target))
        while True:
            item = yield
            for target in targets:
                target.send(item)


@coroutine
def sink(collect: Callable[[Any], object]) -> Stage:
    """Call `collect` with each item."""
    while True:
        collect((yield))
