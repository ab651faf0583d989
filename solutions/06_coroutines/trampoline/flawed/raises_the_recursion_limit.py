"""The recursion is still there; a higher limit and a big stack make room for it.

caught_by: test_deep_calls
verdict: fail
"""

import sys
import threading
from concurrent.futures import Future
from types import GeneratorType


def trampoline(generator):
    """Run the generator to its end and return what it returns."""
    outcome = Future()

    def run():
        try:
            outcome.set_result(_run(generator))
        except BaseException as error:
            outcome.set_exception(error)

    sys.setrecursionlimit(1_000_000)
    threading.stack_size(200 << 20)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return outcome.result()


def _run(generator):
    if not isinstance(generator, GeneratorType):
        raise TypeError("a generator is needed")
    resume, value = generator.send, None
    while True:
        try:
            callee = resume(value)
        except StopIteration as end:
            return end.value
        try:
            resume, value = generator.send, _run(callee)
        except BaseException as error:
            resume, value = generator.throw, error
