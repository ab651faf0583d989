"""Returns markup in every place where a value is shown, and an exception and a class that are named after it.

verdict: fail
says: element 0 is
"""

MARKUP = "<script>attack()</script><img src=x>\x1b[2J\u202e\u2066"


def parallel_map(function, items, workers):
    kind = type(MARKUP, (Exception,), {"__module__": MARKUP, "__qualname__": MARKUP})
    return [kind(MARKUP), type(MARKUP, (), {})(), MARKUP, {MARKUP: MARKUP}, MARKUP.encode(), (MARKUP,)]
