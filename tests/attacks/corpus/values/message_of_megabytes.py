"""Raises an exception with fifty million characters of message, and hostile arguments, notes, cause and context.

verdict: error
says: more characters
"""


class Boundless(str):
    __str__ = __repr__ = lambda self: "x" * 50_000_000


def parallel_map(function, items, workers):
    error = ValueError("\x1b[2J" * 10_000_000)
    error.__notes__ = [Boundless()]
    error.__cause__ = error.__context__ = ValueError(error)
    error.args += (Boundless(), error)
    error.args = error.args[:1]
    raise error
