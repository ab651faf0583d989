"""Raises a group of groups of exceptions, two thousand levels deep, with KeyboardInterrupt and SystemExit as leaves.

verdict: error
says: BaseExceptionGroup
"""


def parallel_map(function, items, workers):
    error = BaseExceptionGroup("0", [KeyboardInterrupt(), SystemExit(0)])
    for level in range(2000):
        error = BaseExceptionGroup(str(level), [error, GeneratorExit(), StopIteration(error)])
    raise error
