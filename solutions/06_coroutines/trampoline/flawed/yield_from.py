"""Callees are run with `yield from`: the recursion is still there, in another form.

caught_by: test_deep_calls
verdict: fail
"""

from types import GeneratorType


def trampoline(generator):
    """Run the generator to its end and return what it returns."""
    _check(generator)
    steps = _run(generator)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def _run(generator):
    resume, value = generator.send, None
    while True:
        yield
        try:
            callee = resume(value)
        except StopIteration as end:
            return end.value
        try:
            _check(callee)
            resume, value = generator.send, (yield from _run(callee))
        except BaseException as error:
            resume, value = generator.throw, error


def _check(generator):
    if not isinstance(generator, GeneratorType):
        raise TypeError("a generator is needed")
