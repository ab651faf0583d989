"""The first success wins. The rules are in README.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import TypeVar

T = TypeVar("T")


def first_success(calls: Iterable[Callable[[], T]], executor: Executor) -> T:
    """Run all calls in `executor` at the same time and return the first result that is there.

    Calls that have not begun by then are cancelled; those in progress are not waited for. `executor` belongs to
    the caller and is not shut down.

    Raises:
        ExceptionGroup: if all calls fail; it holds their exceptions in input order.
        ValueError: if there are no calls.
    """
    raise NotImplementedError
