"""The executor's `map`, over a `fetch` that returns its exception."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def fetch_all(urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int) -> dict[str, bytes | Exception]:
    """Fetch every distinct url once, `max_workers` at a time, and return the results by url."""

    def outcome(url: str) -> bytes | Exception:
        try:
            return fetch(url)
        except Exception as error:
            return error

    distinct = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(max_workers) as pool:
        return dict(zip(distinct, pool.map(outcome, distinct), strict=True))
