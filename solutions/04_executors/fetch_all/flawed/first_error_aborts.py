"""Lets the first failure out of the function: all other pages are lost.

caught_by: test_one_failure_keeps_the_others
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    with ThreadPoolExecutor(max_workers) as pool:
        futures = {url: pool.submit(fetch, url) for url in dict.fromkeys(urls)}
        return {url: future.result() for url, future in futures.items()}
