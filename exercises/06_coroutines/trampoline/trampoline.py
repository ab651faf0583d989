"""Run generators that yield the calls they make. The rules are in README.md."""

from collections.abc import Generator
from typing import Any, TypeVar

T = TypeVar("T")


def trampoline(generator: Generator[Any, Any, T]) -> T:
    """Run the generator to its end and return what it returns.

    When it yields a generator, that one runs first, in the same way; what it returns is sent to the one that waits,
    and an exception that leaves it is thrown into the one that waits. The call stack does not grow with the depth.

    Raises:
        TypeError: if `generator` is not a generator. (If something else is yielded, it is raised at that yield.)
        BaseException: what leaves the generator.
    """
    raise NotImplementedError
