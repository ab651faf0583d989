"""Returns an object whose finalizer never ends, so that the harness itself gets stuck after it has the result.

verdict: timeout
says: was still computing after
"""


class Result(list):
    def __del__(self):
        while True:
            pass


def parallel_map(function, items, workers):
    return Result(function(item) for item in items)
