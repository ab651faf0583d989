"""Looks whether the page is there before fetching it, but while it is being fetched it is not there:
duplicates next to each other are fetched by two threads.

caught_by: test_duplicates_are_fetched_once
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    urls = list(urls)
    pages: dict[str, bytes | Exception] = {}

    def work(url: str) -> None:
        if url in pages:
            return
        try:
            pages[url] = fetch(url)
        except Exception as error:
            pages[url] = error

    with ThreadPoolExecutor(max_workers) as pool:
        for future in [pool.submit(work, url) for url in urls]:
            future.result()
    return {url: pages[url] for url in dict.fromkeys(urls)}
