"""Makes a new pool for every url; leaving its `with` block waits for that one fetch.

caught_by: test_max_workers_at_once
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    futures = {}
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    for url in dict.fromkeys(urls):
        with ThreadPoolExecutor(max_workers) as pool:
            futures[url] = pool.submit(fetch, url)
    return {url: _outcome(future) for url, future in futures.items()}


def _outcome(future: Future[bytes]) -> bytes | Exception:
    try:
        return future.result()
    except Exception as error:
        return error
