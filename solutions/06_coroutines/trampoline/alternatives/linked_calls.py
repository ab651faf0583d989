"""Each call knows its caller, as the frames of the interpreter do; what a call ended with is an object."""

from __future__ import annotations

import inspect
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

AnyGenerator = Generator[Any, Any, Any]


@dataclass(frozen=True)
class Returned:
    value: Any

    def resume(self, generator: AnyGenerator) -> Any:
        return generator.send(self.value)

    def get(self) -> Any:
        return self.value


@dataclass(frozen=True)
class Raised:
    error: BaseException

    def resume(self, generator: AnyGenerator) -> Any:
        return generator.throw(self.error)

    def get(self) -> Any:
        raise self.error


@dataclass
class Call:
    generator: AnyGenerator
    caller: Call | None


def trampoline(generator: AnyGenerator) -> Any:
    """Run the generator, and all that are yielded, to their ends."""
    if not inspect.isgenerator(generator):
        raise TypeError("trampoline() needs a generator")
    call: Call | None = Call(generator, None)
    outcome: Returned | Raised = Returned(None)
    while call is not None:
        call, outcome = _turn(call, outcome)
    return outcome.get()


def _turn(call: Call, outcome: Returned | Raised) -> tuple[Call | None, Returned | Raised]:
    """Resume one call with an outcome; say who goes on, and with what."""
    try:
        callee = outcome.resume(call.generator)
    except StopIteration as end:
        return call.caller, Returned(end.value)
    except BaseException as error:
        return call.caller, Raised(error)
    if not inspect.isgenerator(callee):
        return call, Raised(TypeError("only generators can be called"))
    return Call(callee, call), Returned(None)
