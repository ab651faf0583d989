"""Raises a GeneratorExit whose text, name and traceback all fail when somebody looks at them.

verdict: error
says: the exception's own __str__ failed
"""


class Untouchable(type):
    def __getattribute__(cls, name):
        raise SystemExit(0)


class Stop(GeneratorExit, metaclass=Untouchable):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__

    def __getattribute__(self, name):
        raise SystemExit(0)


def parallel_map(function, items, workers):
    raise Stop
