"""One thread for every url: `max_workers` is checked but not obeyed.

caught_by: test_never_more_than_max_workers
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    distinct = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(max(len(distinct), 1)) as pool:
        futures = {url: pool.submit(fetch, url) for url in distinct}
    return {url: _outcome(future) for url, future in futures.items()}


def _outcome(future: Future[bytes]) -> bytes | Exception:
    try:
        return future.result()
    except Exception as error:
        return error
