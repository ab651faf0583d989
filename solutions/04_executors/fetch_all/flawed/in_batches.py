"""Starts the next `max_workers` fetches only when all of the last ones have ended:
the slowest page of a batch holds up everybody.

caught_by: test_max_workers_at_once
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    distinct = list(dict.fromkeys(urls))
    pages = {}
    with ThreadPoolExecutor(max_workers) as pool:
        for start in range(0, len(distinct), max_workers):
            batch = distinct[start : start + max_workers]
            futures = [pool.submit(fetch, url) for url in batch]
            for url, future in zip(batch, futures, strict=True):
                pages[url] = _outcome(future)
    return pages


def _outcome(future: Future[bytes]) -> bytes | Exception:
    try:
        return future.result()
    except Exception as error:
        return error
