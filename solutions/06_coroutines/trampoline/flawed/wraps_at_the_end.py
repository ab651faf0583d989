"""What leaves the first generator is wrapped into a RuntimeError.

caught_by: test_exception_passes_every_level
verdict: fail
"""

from collections.abc import Callable, Generator
from types import GeneratorType
from typing import Any, TypeVar

T = TypeVar("T")


def trampoline(generator: Generator[Any, Any, T]) -> T:
    """Run the generator to its end and return what it returns."""
    if not isinstance(generator, GeneratorType):
        raise TypeError(f"a generator is needed, not {generator!r}")
    callers: list[Generator[Any, Any, Any]] = []
    running: Generator[Any, Any, Any] = generator
    resume: Callable[[Any], Any] = running.send
    value: Any = None
    while True:
        try:
            callee = resume(value)
        except StopIteration as end:
            if not callers:
                return end.value
            running = callers.pop()
            resume, value = running.send, end.value
        except BaseException as error:
            if not callers:
                raise RuntimeError("the trampoline has failed") from error
            running = callers.pop()
            resume, value = running.throw, error
        else:
            if isinstance(callee, GeneratorType):
                callers.append(running)
                running = callee
                resume, value = running.send, None
            else:
                resume, value = running.throw, TypeError(f"only generators can be yielded, not {callee!r}")
