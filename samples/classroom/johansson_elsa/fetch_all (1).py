"""Fetch many pages at once, with a limited number of workers."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    """Fetch every distinct url once, `max_workers` at a time, and return the results by url."""
    with ThreadPoolExecutor(max_workers) as executor:
        futures = {executor.submit(fetch, url): url for url in urls}

    results = {}
    for future in as_completed(futures):
        error = future.exception()
        results[futures[future]] = error if error else future.result()
    # TODO: the order of the keys?
    return results
