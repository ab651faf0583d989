"""An executor with a thread for each call; only the caller adds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def exercise_name(items: list[int], work: Callable[[int], int]) -> int:
    if not items:
        return 0
    with ThreadPoolExecutor(max_workers=len(items)) as pool:
        return sum(pool.map(work, items))
