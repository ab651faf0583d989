"""No generator functions but for the decorator: stages are objects with the methods of a generator."""

from collections.abc import Callable, Generator, Iterable
from functools import wraps
from typing import Any

Stage = Generator[None, Any, None]


def coroutine(function: Callable[..., Stage]) -> Callable[..., Stage]:
    """A decorator: calls of the generator function return generators that are primed already."""

    @wraps(function)
    def primed(*args: Any, **kwargs: Any) -> Stage:
        generator = function(*args, **kwargs)
        next(generator, None)
        return generator

    return primed


class _Stage(Stage):
    def __init__(self, *targets: Stage) -> None:
        self._targets = targets
        self._ended = False

    def work(self, item: Any) -> None:
        """What the stage does with an item."""
        raise NotImplementedError

    def send(self, value: Any) -> None:
        if self._ended:
            raise StopIteration
        try:
            self.work(value)
        except BaseException as error:
            self._end(error)

    def throw(self, typ, val=None, tb=None) -> None:  # type: ignore[no-untyped-def, override]
        self._end(typ() if isinstance(typ, type) else typ)

    def close(self) -> None:
        self._end(None)

    def _end(self, error: BaseException | None) -> None:
        targets, self._targets, self._ended = self._targets, (), True
        for target in targets:
            try:
                target.close()
            except BaseException as failed:
                error = error or failed
        if error is not None:
            raise error


class _Filter(_Stage):
    def __init__(self, pred: Callable[[Any], Any], target: Stage) -> None:
        super().__init__(target)
        self._pred, self._target = pred, target

    def work(self, item: Any) -> None:
        if self._pred(item):
            self._target.send(item)


class _Map(_Stage):
    def __init__(self, fn: Callable[[Any], Any], target: Stage) -> None:
        super().__init__(target)
        self._fn, self._target = fn, target

    def work(self, item: Any) -> None:
        self._target.send(self._fn(item))


class _Broadcast(_Stage):
    def work(self, item: Any) -> None:
        for target in self._targets:
            target.send(item)


class _Sink(_Stage):
    def __init__(self, collect: Callable[[Any], object]) -> None:
        super().__init__()
        self._collect = collect

    def work(self, item: Any) -> None:
        self._collect(item)


def source(items: Iterable[Any], target: Stage) -> None:
    """Send each of the items to the target, then close it."""
    try:
        for item in items:
            target.send(item)
    except BaseException:
        target.close()
        raise
    target.close()


def filter_(pred: Callable[[Any], Any], target: Stage) -> Stage:
    """Send on the items for which `pred(item)` is true."""
    return _Filter(pred, target)


def map_(fn: Callable[[Any], Any], target: Stage) -> Stage:
    """Send on `fn(item)` for each item."""
    return _Map(fn, target)


def broadcast(*targets: Stage) -> Stage:
    """Send each item to all targets, one after the other."""
    return _Broadcast(*targets)


def sink(collect: Callable[[Any], object]) -> Stage:
    """Call `collect` with each item."""
    return _Sink(collect)
