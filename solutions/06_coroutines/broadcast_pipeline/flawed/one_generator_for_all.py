"""Makes one generator for all calls.

caught_by: test_coroutine_primes
verdict: fail
"""

from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, closing
from functools import wraps
from typing import Any

# Waits at a `yield` to be sent an item.
Stage = Generator[None, Any, None]


def coroutine(function: Callable[..., Stage]) -> Callable[..., Stage]:
    stages = []

    @wraps(function)
    def primed(*args: Any, **kwargs: Any) -> Stage:
        if not stages:
            stages.append(function(*args, **kwargs))
            next(stages[0])
        return stages[0]

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
            item = yield
            for target in targets:
                target.send(item)


@coroutine
def sink(collect: Callable[[Any], object]) -> Stage:
    while True:
        collect((yield))
