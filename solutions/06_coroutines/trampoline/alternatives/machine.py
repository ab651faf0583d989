"""A small machine with a step method; mistakes are called like a callee that raises at once."""

from collections.abc import Generator
from types import GeneratorType
from typing import Any

AnyGenerator = Generator[Any, Any, Any]


def _mistake(value: object) -> AnyGenerator:
    """What is run in place of something that is not a generator."""
    raise TypeError(f"cannot call {type(value).__name__}")
    yield


class _Machine:
    def __init__(self, first: AnyGenerator) -> None:
        self.stack = [first]
        self.value: Any = None
        self.error: BaseException | None = None

    def run(self) -> Any:
        while self.stack:
            self.step()
        if self.error is not None:
            raise self.error
        return self.value

    def step(self) -> None:
        """Resume the generator on top; it calls another one, or leaves the stack with a value or an error."""
        value, error = self.value, self.error
        self.value = self.error = None
        top = self.stack.pop()
        try:
            callee = top.send(value) if error is None else top.throw(error)
        except StopIteration as end:
            self.value = end.value
        except BaseException as raised:
            self.error = raised
        else:
            self.stack += [top, callee if isinstance(callee, GeneratorType) else _mistake(callee)]


def trampoline(generator: AnyGenerator) -> Any:
    """Run the generator, and all that are yielded, to their ends."""
    if not isinstance(generator, GeneratorType):
        raise TypeError(f"not a generator: {generator!r}")
    return _Machine(generator).run()
