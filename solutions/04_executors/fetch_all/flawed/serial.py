"""Fetches one url after the other in the calling thread.

caught_by: test_max_workers_at_once
verdict: fail
"""

from collections.abc import Callable, Iterable


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    pages: dict[str, bytes | Exception] = {}
    for url in dict.fromkeys(urls):
        try:
            pages[url] = fetch(url)
        except Exception as error:
            pages[url] = error
    return pages
