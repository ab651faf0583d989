"""A pipeline of threads. The rules are in README.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any


def run_pipeline(
    source: Iterable[Any],
    stages: Iterable[Callable[[Any], Any]],
    workers: int = 1,
    buffer: int = 8,
) -> Iterator[Any]:
    """Send every item of `source` through all `stages`; return an iterator over the results, in input order.

    Each stage is called by `workers` threads of its own. At most `buffer` items wait in front of each stage
    and in front of the caller. Nothing begins before the first result is asked for. The iterator has a `close`
    method, as generators have, and once it has ended, in whatever way, no thread is left.

    Raises:
        ValueError: at once, if `workers` or `buffer` is less than 1.

    The iterator raises what `source` or a stage raised, in place of the result of that item.
    """
    raise NotImplementedError
