"""Round after round, each with those that were there at the end of the round before; `closing` for each input."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, closing
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    """Give one item of the first input, one of the second, and so on, then again from the first."""
    with ExitStack() as open_inputs:
        this_round: list[Iterator[Any]] = []
        for iterable in iterables:
            iterator = iter(iterable)
            this_round.append(iterator)
            if hasattr(iterator, "close"):
                open_inputs.enter_context(closing(iterator))
        while this_round:
            next_round = []
            for iterator in this_round:
                for item in iterator:  # one item at most
                    next_round.append(iterator)
                    yield item
                    break
            this_round = next_round
