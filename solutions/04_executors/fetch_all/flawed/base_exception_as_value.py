"""`Future.exception()` also returns SystemExit and KeyboardInterrupt:
they become values instead of being raised.

caught_by: test_only_exceptions_are_values
verdict: fail
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    with ThreadPoolExecutor(max_workers) as pool:
        futures = {url: pool.submit(fetch, url) for url in dict.fromkeys(urls)}
    return {url: future.exception() or future.result() for url, future in futures.items()}
