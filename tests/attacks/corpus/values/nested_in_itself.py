"""Returns a list that holds itself, beside tuples and dictionaries nested a hundred thousand levels deep.

verdict: error
says: nested deeper than
"""


def parallel_map(function, items, workers):
    results = [function(item) for item in items]
    deep = ()
    for _ in range(100_000):
        deep = (deep,) if len(results) % 2 else {"next": deep}
    results += [results, deep]
    return results
