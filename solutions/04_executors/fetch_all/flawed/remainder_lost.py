"""Gives every worker the same number of urls and forgets those left over by the division.

caught_by: test_every_page_under_its_url
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    distinct = list(dict.fromkeys(urls))

    def outcome(url: str) -> bytes | Exception:
        try:
            return fetch(url)
        except Exception as error:
            return error

    with ThreadPoolExecutor(max_workers) as pool:
        whole = len(distinct) // max_workers * max_workers
        return dict(zip(distinct[:whole], pool.map(outcome, distinct[:whole]), strict=True))
