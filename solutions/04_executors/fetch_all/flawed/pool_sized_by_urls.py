"""Makes the pool no larger than the list of urls; for no urls that asks for a pool of no threads.

caught_by: test_arguments
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    distinct = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(min(max_workers, len(distinct))) as pool:
        futures = {url: pool.submit(fetch, url) for url in distinct}
    return {url: _outcome(future) for url, future in futures.items()}


def _outcome(future: Future[bytes]) -> bytes | Exception:
    try:
        return future.result()
    except Exception as error:
        return error
