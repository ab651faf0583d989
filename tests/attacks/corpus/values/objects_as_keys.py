"""Returns a dictionary and a set of objects that cannot be keys on the judge's side. Nobody has tampered with anything.

verdict: fail
says: not a list
"""


class Key:
    pass


def parallel_map(function, items, workers):
    return {Key(): {Key(), (1, Key())}}
