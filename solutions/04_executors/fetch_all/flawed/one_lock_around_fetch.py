"""Protects the result dict with a lock, and holds the lock during the fetch: the threads take turns.

caught_by: test_max_workers_at_once
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    pages: dict[str, bytes | Exception] = dict.fromkeys(urls, b"")
    lock = Lock()

    def work(url: str) -> None:
        with lock:
            try:
                pages[url] = fetch(url)
            except Exception as error:
                pages[url] = error

    with ThreadPoolExecutor(max_workers) as pool:
        for future in [pool.submit(work, url) for url in pages]:
            future.result()
    return pages
