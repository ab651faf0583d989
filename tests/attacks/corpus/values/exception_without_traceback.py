"""Raises an exception that answers every question about itself, its text and its traceback with another exception.

verdict: error
says: Your code raised Evasive
"""


class Evasive(BaseException):
    @property
    def __traceback__(self):
        raise self

    @property
    def __class__(self):
        raise self

    def __str__(self):
        raise self

    __repr__ = __hash__ = __eq__ = __str__


def parallel_map(function, items, workers):
    raise Evasive
