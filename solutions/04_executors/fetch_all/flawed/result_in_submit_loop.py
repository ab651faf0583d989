"""Waits for each result before it submits the next fetch, so only one worker is ever busy.

caught_by: test_max_workers_at_once
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    pages = {}
    with ThreadPoolExecutor(max_workers) as pool:
        for url in dict.fromkeys(urls):
            pages[url] = _outcome(pool.submit(fetch, url))
    return pages


def _outcome(future: Future[bytes]) -> bytes | Exception:
    try:
        return future.result()
    except Exception as error:
        return error
