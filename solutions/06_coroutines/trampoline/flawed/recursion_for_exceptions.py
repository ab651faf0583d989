"""A loop for values; exceptions are passed on by a function that calls itself for each level.

caught_by: test_deep_calls
verdict: fail
"""

from collections.abc import Callable, Generator
from types import GeneratorType
from typing import Any, TypeVar

T = TypeVar("T")


def _caught(callers, error):
    if not callers:
        raise error
    caller = callers.pop()
    try:
        callee = caller.throw(error)
    except StopIteration as end:
        if not callers:
            return caller, None, end.value
        caller = callers.pop()
        return caller, caller.send, end.value
    except BaseException as error:
        return _caught(callers, error)
    if isinstance(callee, GeneratorType):
        callers.append(caller)
        return callee, callee.send, None
    return caller, caller.throw, TypeError("only generators can be yielded")


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
                raise
            running, resume, value = _caught(callers, error)
            if resume is None:
                return value
        else:
            if isinstance(callee, GeneratorType):
                callers.append(running)
                running = callee
                resume, value = running.send, None
            else:
                resume, value = running.throw, TypeError(f"only generators can be yielded, not {callee!r}")
