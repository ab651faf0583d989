"""A sum whose terms are computed by several processes."""

from collections.abc import Callable


def parallel_sum(func: Callable[[int], int], n: int, workers: int) -> int:
    """Return `func(0) + … + func(n - 1)`, computed by `min(workers, n)` processes at the same time.

    An exception that `func` raises is raised, in type and message. When the call ends, no process is left.

    Raises:
        ValueError: if `workers` is less than 1.
        RuntimeError: if a worker ends before it has delivered its results.
    """
    raise NotImplementedError
