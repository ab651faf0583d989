"""Sends the item to all other targets before it lets the exception out.

caught_by: test_an_exception_closes_everything
verdict: fail
"""

from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, closing
from functools import wraps
from typing import Any

# Waits at a `yield` to be sent an item.
Stage = Generator[None, Any, None]


def coroutine(function: Callable[..., Stage]) -> Callable[..., Stage]:
    @wraps(function)
    def primed(*args: Any, **kwargs: Any) -> Stage:
        stage = function(*args, **kwargs)
        next(stage)
        return stage

    return primed


def source(items: Iterable[Any], target: Stage) -> None:
    with closing(target):
        for item in items:
            target.send(item)


@coroutine
def filter_(pred: Callable[[Any], Any], target: Stage) -> Stage:
    with closing(target):
        while True:
            item = yield
            if pred(item):
                target.send(item)


@coroutine
def map_(fn: Callable[[Any], Any], target: Stage) -> Stage:
    with closing(target):
        while True:
            target.send(fn((yield)))


@coroutine
def broadcast(*targets: Stage) -> Stage:
    with ExitStack() as stack:
        for target in targets:
            stack.enter_context(closing(target))
        while True:
            item, failed = (yield), None
            for target in targets:
                try:
                    target.send(item)
                except Exception as error:
                    failed = failed or error
            if failed is not None:
                raise failed


@coroutine
def sink(collect: Callable[[Any], object]) -> Stage:
    while True:
        collect((yield))
