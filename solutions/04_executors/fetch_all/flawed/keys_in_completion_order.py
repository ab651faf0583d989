"""Fills the dict as the pages arrive, so the keys stand in the order of arrival.

caught_by: test_keys_in_order_of_first_occurrence
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    with ThreadPoolExecutor(max_workers) as pool:
        url_of = {pool.submit(fetch, url): url for url in dict.fromkeys(urls)}
        return {url_of[future]: _outcome(future) for future in as_completed(url_of)}


def _outcome(future: Future[bytes]) -> bytes | Exception:
    try:
        return future.result()
    except Exception as error:
        return error
