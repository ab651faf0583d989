"""The calling thread fetches as well, beside `max_workers` threads of the pool.

caught_by: test_never_more_than_max_workers
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    distinct = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(max_workers) as pool:
        futures = {url: pool.submit(fetch, url) for url in distinct}
        for url in reversed(distinct):
            if futures[url].cancel():
                own: Future[bytes] = Future()
                futures[url] = own
                try:
                    own.set_result(fetch(url))
                except BaseException as error:
                    own.set_exception(error)
    return {url: _outcome(future) for url, future in futures.items()}


def _outcome(future: Future[bytes]) -> bytes | Exception:
    try:
        return future.result()
    except Exception as error:
        return error
