"""The one that runs is the top of the stack; `throw` is called while the exception is being handled."""

from collections import deque
from collections.abc import Generator


def trampoline(generator):
    """Run the generator, and all that are yielded, to their ends."""
    _check(generator)
    stack = deque([generator])
    result, error = None, None
    while stack:
        try:
            if error is not None:
                pending, error = error, None
                yielded = stack[-1].throw(pending)
            else:
                pending, result = result, None
                yielded = stack[-1].send(pending)
            try:
                _check(yielded)
            except TypeError as mistake:
                error = mistake
            else:
                stack.append(yielded)
        except StopIteration as stop:
            stack.pop()
            result = stop.value
        except BaseException as raised:
            stack.pop()
            error = raised
    if error is not None:
        raise error
    return result


def _check(candidate):
    if not isinstance(candidate, Generator):
        raise TypeError(f"{type(candidate).__name__} is not a generator")
