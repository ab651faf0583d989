"""Pairs the urls with the pages in the order of arrival: a page ends up under another url.

caught_by: test_every_page_under_its_url
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    distinct = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(max_workers) as pool:
        futures = [pool.submit(fetch, url) for url in distinct]
        return {url: _outcome(future) for url, future in zip(distinct, as_completed(futures), strict=True)}


def _outcome(future: Future[bytes]) -> bytes | Exception:
    try:
        return future.result()
    except Exception as error:
        return error
