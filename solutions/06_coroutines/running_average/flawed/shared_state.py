"""Keeps count and mean in a dict that is made once, as a default argument: all averages share it.

caught_by: test_two_averages_are_independent
verdict: fail
"""

from collections.abc import Generator


class Reset(Exception):
    pass


def running_average(state={}) -> Generator[float | None, float | None, tuple[int, float | None]]:
    state.update(count=0, mean=0.0)
    while True:
        try:
            number = yield state["mean"] if state["count"] else None
        except Reset:
            state.update(count=0, mean=0.0)
        else:
            if number is None:
                return state["count"], state["mean"] if state["count"] else None
            state["count"] += 1
            state["mean"] += (number - state["mean"]) / state["count"]
