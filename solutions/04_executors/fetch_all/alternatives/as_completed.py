"""`as_completed`, into a dict whose keys already stand in their order."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed


def fetch_all(urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int) -> dict[str, bytes | Exception]:
    """Fetch every distinct url once, `max_workers` at a time, and return the results by url."""
    pages: dict[str, bytes | Exception] = dict.fromkeys(urls, b"")
    with ThreadPoolExecutor(max_workers) as pool:
        url_of = {pool.submit(fetch, url): url for url in pages}
        for future in as_completed(url_of):
            try:
                pages[url_of[future]] = future.result()
            except Exception as error:
                pages[url_of[future]] = error
    return pages
