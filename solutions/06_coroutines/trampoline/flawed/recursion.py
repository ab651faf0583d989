"""Runs each callee by calling itself: the stack grows with every level.

caught_by: test_deep_calls
verdict: fail
"""

from types import GeneratorType


def trampoline(generator):
    """Run the generator to its end and return what it returns."""
    if not isinstance(generator, GeneratorType):
        raise TypeError("a generator is needed")
    resume, value = generator.send, None
    while True:
        try:
            callee = resume(value)
        except StopIteration as end:
            return end.value
        try:
            resume, value = generator.send, trampoline(callee)
        except BaseException as error:
            resume, value = generator.throw, error
