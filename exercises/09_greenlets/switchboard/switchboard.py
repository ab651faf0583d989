"""Two functions that take turns, and generators without `yield`. The rules are in README.md."""

from collections.abc import Callable
from typing import Any


def ping_pong(left: Callable[..., Any], right: Callable[..., Any], ball: Any) -> Any:
    """Run `left(ball, hit)` and `right(ball, hit)` by turns, and return what the first to return returned.

    `hit(ball)` hands the ball to the other side and returns the one that comes back. What a side raises is raised. The
    side that waits when the game is over is ended by GreenletExit. Afterwards, `hit` raises RuntimeError.
    """
    raise NotImplementedError


def generator(function: Callable[..., Any]) -> Callable[..., Any]:
    """Turn `function(emit, *args, **kwargs)` into a function of `*args, **kwargs` that returns an iterator.

    The iterator's values are those that the function hands to `emit`. It has `send` and `close` as well, as a generator
    has. When it is closed or dropped, GreenletExit is raised where the function waits.
    """
    raise NotImplementedError
