"""Keeps its pool for the next call and never shuts it down: the threads stay.

caught_by: test_no_thread_is_left_behind
verdict: leak
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

_pools: dict[int, ThreadPoolExecutor] = {}


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    if max_workers not in _pools:
        _pools[max_workers] = ThreadPoolExecutor(max_workers)
    pool = _pools[max_workers]
    futures = {url: pool.submit(fetch, url) for url in dict.fromkeys(urls)}
    return {url: _outcome(future) for url, future in futures.items()}


def _outcome(future: Future[bytes]) -> bytes | Exception:
    try:
        return future.result()
    except Exception as error:
        return error
