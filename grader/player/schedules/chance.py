"""Draws that student code has no say in: Python's own `random` is made of functions that can be replaced."""

from __future__ import annotations

from _random import Random
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class Dice(Random):
    """The same draws for the same numbers, on every Python."""

    __slots__ = ()

    def __new__(cls, *numbers: int) -> Dice:
        return super().__new__(cls)

    def __init__(self, *numbers: int) -> None:
        self.seed(hash(numbers))

    def below(self, number: int) -> int:
        """One of 0, …, number - 1."""
        return int(self.random() * number)

    def choice(self, things: Sequence[Thing]) -> Thing:
        return things[int(self.random() * len(things))]

    def weighted(self, things: Sequence[Thing], weights: Sequence[int]) -> Thing:
        """One of them, with chances as the weights are."""
        left = self.below(sum(weights))
        for thing, weight in zip(things, weights, strict=True):
            left -= weight
            if left < 0:
                return thing
        raise ValueError("nothing to choose from")
