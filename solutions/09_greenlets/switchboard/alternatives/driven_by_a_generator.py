"""A generator of Python's own drives the greenlet, and has all the manners of one; games go through a table."""

from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet


class Game:
    """The table: it hands the ball to the side whose turn it is, and hears from both."""

    def __init__(self, left: Callable[..., Any], right: Callable[..., Any]) -> None:
        self.sides = [self.seat(left), self.seat(right)]
        self.result: list[Any] = []

    def seat(self, function: Callable[..., Any]) -> greenlet:
        def play(ball: Any) -> None:
            self.result.append(function(ball, self.hit))

        return greenlet(play)

    def hit(self, ball: Any) -> Any:
        if not self.sides or self.result:
            raise RuntimeError("nobody plays any more")
        return getcurrent().parent.switch(ball)

    def play(self, ball: Any) -> Any:
        try:
            while not self.result:
                ball = self.sides[0].switch(ball)
                self.sides.reverse()
            return self.result[0]
        finally:
            waiting, self.sides = [side for side in self.sides if side], []
            for side in waiting:
                with suppress(BaseException):
                    side.throw(GreenletExit)


def ping_pong(left: Callable[..., Any], right: Callable[..., Any], ball: Any) -> Any:
    """Run `left(ball, hit)` and `right(ball, hit)` by turns, and return what the first to return returned."""
    return Game(left, right).play(ball)


def generator(function: Callable[..., Any]) -> Callable[..., Any]:
    """Turn `function(emit, *args, **kwargs)` into a function of `*args, **kwargs` that returns an iterator."""

    def make(*args: Any, **kwargs: Any) -> Driven:
        return Driven(lambda: function(emit, *args, **kwargs))

    return make


def emit(value: Any) -> Any:
    return getcurrent().parent.switch(value)


def drive(run: Callable[[], Any], raised: list[BaseException]) -> Generator[Any, Any, Any]:
    """What the function raises is laid aside: a generator may not raise just anything."""
    running = greenlet(run)
    try:
        value = running.switch()
        while running:
            try:
                sent = yield value
            except GeneratorExit:
                running.parent = getcurrent()
                running.throw(GreenletExit)
                return None
            running.parent = getcurrent()
            value = running.switch(sent)
    except BaseException as error:
        raised.append(error)
        return None
    return value


class Driven:
    """The generator, and what the function has raised."""

    def __init__(self, run: Callable[[], Any]) -> None:
        self.raised: list[BaseException] = []
        self.steps = drive(run, self.raised)

    def __iter__(self) -> "Driven":
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def send(self, value: Any) -> Any:
        try:
            return self.steps.send(value)
        except StopIteration:
            self.raise_it()
            raise

    def close(self) -> None:
        self.steps.close()
        self.raise_it()

    def raise_it(self) -> None:
        if self.raised:
            raise self.raised.pop()
