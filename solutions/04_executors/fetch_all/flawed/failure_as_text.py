"""Keeps the text of the exception instead of the exception.

caught_by: test_one_failure_keeps_the_others
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    with ThreadPoolExecutor(max_workers) as pool:
        futures = {url: pool.submit(fetch, url) for url in dict.fromkeys(urls)}
    return {url: _outcome(future) for url, future in futures.items()}


def _outcome(future: Future[bytes]) -> bytes | str:
    try:
        return future.result()
    except Exception as error:
        return str(error)
