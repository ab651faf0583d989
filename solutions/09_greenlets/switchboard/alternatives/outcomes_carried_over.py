"""Greenlets never end of themselves: what comes of a function is carried over as a closure, and called by who asked."""

from collections.abc import Callable
from typing import Any

import greenlet

Outcome = Callable[[], Any]


def raising(error: BaseException) -> Outcome:
    def outcome() -> Any:
        raise error

    return outcome


def ping_pong(left: Callable[..., Any], right: Callable[..., Any], ball: Any) -> Any:
    """Run `left(ball, hit)` and `right(ball, hit)` by turns, and return what the first to return returned."""
    caller = greenlet.getcurrent()
    outcomes: list[Outcome] = []
    other: dict[greenlet.greenlet, greenlet.greenlet] = {}

    def hit(ball: Any) -> Any:
        here = greenlet.getcurrent()
        if outcomes or here not in other:
            raise RuntimeError("there is no game")
        return other[here].switch(ball)

    def seat(function: Callable[..., Any]) -> greenlet.greenlet:
        def play(ball: Any) -> None:
            try:
                value = function(ball, hit)
                outcome: Outcome = lambda: value  # noqa: E731
            except BaseException as error:
                outcome = raising(error)
            if not outcomes:
                outcomes.append(outcome)
                caller.switch()

        return greenlet.greenlet(play, caller)

    first, second = seat(left), seat(right)
    other.update({first: second, second: first})
    first.switch(ball)
    for side in (first, second):
        if side:
            side.parent = greenlet.getcurrent()
            side.throw()
    other.clear()
    return outcomes[0]()


class Iterator:
    """Who has asked stands in a box that is empty while nobody asks."""

    def __init__(self, function: Callable[..., Any], args: Any, kwargs: Any) -> None:
        self.box: list[greenlet.greenlet] = []
        self.state = "new"
        self.greenlet: greenlet.greenlet | None = greenlet.greenlet(self.runner(self.box, function, args, kwargs))

    @staticmethod
    def runner(box: list[greenlet.greenlet], function: Callable[..., Any], args: Any, kwargs: Any) -> Outcome:
        def emit(value: Any) -> Any:
            return box.pop().switch(("emitted", value))

        def run(_: Any = None) -> Any:
            try:
                return "returned", function(emit, *args, **kwargs)
            except greenlet.GreenletExit:
                return "returned", None
            except BaseException as error:
                return "raised", error

        return run

    def __iter__(self) -> "Iterator":
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def send(self, value: Any) -> Any:
        if self.state == "running":
            raise ValueError("it is at work")
        if self.state == "new" and value is not None:
            raise TypeError("nobody waits for a value yet")
        if self.state == "over":
            raise StopIteration
        what, value = self.go_on("switch", value)
        if what == "emitted":
            return value
        if what == "raised":
            try:
                raise value
            finally:
                del value
        raise StopIteration(value)

    def close(self) -> None:
        if self.state == "running":
            raise ValueError("it is at work")
        state, self.state = self.state, "over" if self.state == "new" else self.state
        if state == "waiting":
            what, value = self.go_on("throw", greenlet.GreenletExit)
            self.state = "over"
            if what == "raised":
                try:
                    raise value
                finally:
                    del value
        self.greenlet = None

    def go_on(self, how: str, value: Any) -> Any:
        assert self.greenlet is not None
        self.state = "running"
        self.greenlet.parent = greenlet.getcurrent()
        self.box[:] = [greenlet.getcurrent()]
        answer = getattr(self.greenlet, how)(value)
        self.box.clear()
        self.state = "waiting" if self.greenlet else "over"
        if self.state == "over":
            self.greenlet = None
        return answer

    def __del__(self) -> None:
        try:
            if self.state == "waiting":
                self.close()
        except BaseException:
            pass


def generator(function: Callable[..., Any]) -> Callable[..., Any]:
    """Turn `function(emit, *args, **kwargs)` into a function of `*args, **kwargs` that returns an iterator."""
    return lambda *args, **kwargs: Iterator(function, args, kwargs)
