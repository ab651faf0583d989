"""A dict has no duplicate keys, but a fetch was submitted for every occurrence all the same.

caught_by: test_duplicates_are_fetched_once
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    with ThreadPoolExecutor(max_workers) as pool:
        futures = {url: pool.submit(fetch, url) for url in urls}
    return {url: _outcome(future) for url, future in futures.items()}


def _outcome(future: Future[bytes]) -> bytes | Exception:
    try:
        return future.result()
    except Exception as error:
        return error
