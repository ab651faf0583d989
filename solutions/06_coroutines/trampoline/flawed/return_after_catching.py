"""Takes care of StopIteration where it sends, and not where it throws: who catches and returns breaks it.

caught_by: test_exception_reaches_the_caller
verdict: fail
"""

from types import GeneratorType


def trampoline(generator):
    """Run the generator to its end and return what it returns."""
    if not isinstance(generator, GeneratorType):
        raise TypeError("a generator is needed")
    stack = [generator]
    value, error = None, None
    while stack:
        running = stack.pop()
        try:
            if error is None:
                callee = running.send(value)
            else:
                callee = _throw(running, error)
        except StopIteration as end:
            value, error = end.value, None
        except BaseException as raised:
            error = raised
        else:
            stack.append(running)
            value, error = None, None
            if isinstance(callee, GeneratorType):
                stack.append(callee)
            else:
                error = TypeError("only generators can be yielded")
    if error is not None:
        raise error
    return value


def _throw(generator, error):
    try:
        return generator.throw(error)
    except StopIteration:
        raise error
