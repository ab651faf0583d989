"""One coroutine for all stages: a function says what is sent to whom. Plain `try` and `finally`."""

import functools
from collections.abc import Callable, Generator, Iterable
from typing import Any

Stage = Generator[None, Any, None]


def coroutine(function: Callable[..., Stage]) -> Callable[..., Stage]:
    """A decorator: calls of the generator function return generators that are primed already."""

    def start(*args: Any, **kwargs: Any) -> Stage:
        generator = function(*args, **kwargs)
        generator.send(None)
        return generator

    return functools.update_wrapper(start, function)


@coroutine
def _stage(work: Callable[[Any], object], *targets: Stage) -> Stage:
    try:
        while True:
            work((yield))
    finally:
        _close(targets)


def _close(targets: tuple[Stage, ...]) -> None:
    if targets:
        try:
            targets[0].close()
        finally:
            _close(targets[1:])


def source(items: Iterable[Any], target: Stage) -> None:
    """Send each of the items to the target, then close it."""
    try:
        for item in items:
            target.send(item)
    finally:
        target.close()


def filter_(pred: Callable[[Any], Any], target: Stage) -> Stage:
    """Send on the items for which `pred(item)` is true."""
    return _stage(lambda item: target.send(item) if pred(item) else None, target)


def map_(fn: Callable[[Any], Any], target: Stage) -> Stage:
    """Send on `fn(item)` for each item."""
    return _stage(lambda item: target.send(fn(item)), target)


def broadcast(*targets: Stage) -> Stage:
    """Send each item to all targets, one after the other."""

    def send_to_all(item: Any) -> None:
        for target in targets:
            target.send(item)

    return _stage(send_to_all, *targets)


def sink(collect: Callable[[Any], object]) -> Stage:
    """Call `collect` with each item."""
    return _stage(collect)
