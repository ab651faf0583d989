"""Fetch many pages at once, with a limited number of workers."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor


def fetch_all(urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int) -> dict[str, bytes | Exception]:
    """Fetch every distinct url once, `max_workers` at a time, and return the results by url.

    The executor keeps every promise about threads: it raises ValueError if `max_workers` is less than 1,
    never runs more than `max_workers` calls, and joins its threads at the end of the `with` block.
    """
    with ThreadPoolExecutor(max_workers) as pool:
        futures = {url: pool.submit(fetch, url) for url in dict.fromkeys(urls)}
    return {url: _outcome(future) for url, future in futures.items()}


def _outcome(future: Future[bytes]) -> bytes | Exception:
    try:
        return future.result()
    except Exception as error:
        return error
