"""One general coroutine again, which closes at once all but the one that has raised."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack
from functools import wraps
from typing import Any

Stage = Generator[None, Any, Any]


def coroutine(function: Callable[..., Stage]) -> Callable[..., Stage]:
    """A decorator: calls of the generator function return generators that are primed already."""

    @wraps(function)
    def primed(*args: Any, **kwargs: Any) -> Stage:
        (stage := function(*args, **kwargs)).__next__()
        return stage

    return primed


def source(items: Iterable[Any], target: Stage) -> None:
    """Send each of the items to the target, then close it."""
    stack = ExitStack()
    stack.callback(target.close)
    with stack:
        for item in items:
            _send([target], item, stack)


def filter_(pred: Callable[[Any], Any], target: Stage) -> Stage:
    """Send on the items for which `pred(item)` is true."""
    return broadcast(target, only=pred)


def map_(fn: Callable[[Any], Any], target: Stage) -> Stage:
    """Send on `fn(item)` for each item."""
    return broadcast(target, change=fn)


@coroutine
def broadcast(
    *targets: Stage,
    only: Callable[[Any], Any] = lambda item: True,
    change: Callable[[Any], Any] = lambda item: item,
) -> Stage:
    """Send each item to all targets, one after the other."""
    with ExitStack() as stack:
        for target in targets:
            stack.callback(target.close)
        while True:
            item = yield
            if only(item):
                _send(targets, change(item), stack)


def _send(targets: Sequence[Stage], item: Any, stack: ExitStack) -> None:
    """If one raises, close the others here and now."""
    for sender in targets:
        try:
            sender.send(item)
        except BaseException:
            stack.pop_all()
            with ExitStack() as others:
                for other in targets:
                    if other is not sender:
                        others.callback(other.close)
            raise


@coroutine
def sink(collect: Callable[[Any], object]) -> Stage:
    """Call `collect` with each item."""
    count = 0
    try:
        while True:
            collect((yield))
            count += 1
    except GeneratorExit:
        return count  # which `close()` gives from Python 3.13 on
