"""Two functions that take turns, and generators without `yield`."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet


def ping_pong(left: Callable[..., Any], right: Callable[..., Any], ball: Any) -> Any:
    """Run `left(ball, hit)` and `right(ball, hit)` by turns, and return what the first to return returned.

    Both have the caller for their parent: so what the first to end returns or raises arrives here, and nowhere else.
    """
    sides = [greenlet(left), greenlet(right)]
    over = False

    def hit(ball: Any) -> Any:
        if over or getcurrent() not in sides:
            raise RuntimeError("the game is over")
        other = sides[getcurrent() is sides[0]]
        return other.switch(ball) if other else other.switch(ball, hit)

    try:
        return sides[0].switch(ball, hit)
    finally:
        over = True
        for side in sides:
            _end(side)
        sides.clear()


def _end(side: greenlet) -> None:
    """Raises GreenletExit where it waits. Whatever it makes of that is nobody's concern."""
    if side:  # has begun and not ended
        with suppress(BaseException):
            side.throw(GreenletExit)


def generator(function: Callable[..., Any]) -> Callable[..., Any]:
    """Turn `function(emit, *args, **kwargs)` into a function of `*args, **kwargs` that returns an iterator."""

    @wraps(function)
    def make(*args: Any, **kwargs: Any) -> _Emitted:
        return _Emitted(lambda _: _Returned(function(_emit, *args, **kwargs)))

    return make


class _Returned:
    """What the function returned, told apart from what it emits."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _emit(value: Any) -> Any:
    """Who has asked is the parent. Knowing nothing of the iterator, this does not keep it alive."""
    return getcurrent().parent.switch(value)


class _Emitted(Iterator[Any]):
    """The values of a function. Nothing that runs in the greenlet holds this, so it is deleted when it is dropped."""

    def __init__(self, run: Callable[[Any], _Returned]) -> None:
        self._waiting: greenlet | None = greenlet(run)  # None at the end
        self._running = False

    def __next__(self) -> Any:
        return self.send(None)

    def send(self, value: Any) -> Any:
        self._refuse_if_running()
        if self._waiting is None:
            raise StopIteration
        if value is not None and not self._waiting:
            raise TypeError("can't send non-None value to a function that has not begun")
        outcome = self._go_on(self._waiting.switch, value)
        if isinstance(outcome, _Returned):
            raise StopIteration(outcome.value)
        return outcome

    def close(self) -> None:
        self._refuse_if_running()
        if self._waiting:  # has begun and not ended
            self._go_on(self._waiting.throw, GreenletExit)
        self._waiting = None

    def __del__(self) -> None:
        with suppress(BaseException):
            self.close()

    def _refuse_if_running(self) -> None:
        if self._running:
            raise ValueError("the function is running already")

    def _go_on(self, switch: Callable[[Any], Any], argument: Any) -> Any:
        """What the function hands over next, or raises, to the greenlet that asks now."""
        assert self._waiting is not None
        self._waiting.parent, self._running = getcurrent(), True
        try:
            return switch(argument)
        finally:
            self._running = False
            if self._waiting.dead:
                self._waiting = None
