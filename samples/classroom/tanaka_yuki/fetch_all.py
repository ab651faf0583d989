from concurrent.futures import ThreadPoolExecutor
from typing import Callable, Dict, Iterable, Union

Page = Union[bytes, Exception]


def fetch_all(urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int) -> Dict[str, Page]:
    """Fetch many pages at once (see README.md)."""
    unique_urls = list(dict.fromkeys(urls))

    with ThreadPoolExecutor(max_workers) as pool:
        futures = [pool.submit(fetch, url) for url in unique_urls]

    # Leaving the with block waits for all futures, so that every future is done here.
    pages: Dict[str, Page] = {}
    for url, future in zip(unique_urls, futures):
        error = future.exception()
        if error is None:
            pages[url] = future.result()
        elif isinstance(error, Exception):
            pages[url] = error
        else:
            raise error
    return pages
