"""Fetch many pages at once, with a limited number of workers."""

from collections.abc import Callable, Iterable


def fetch_all(urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int) -> dict[str, bytes | Exception]:
    """Fetch every distinct url once, `max_workers` at a time, and return the results by url.

    The keys are the distinct urls in the order of their first occurrence. A value is what `fetch` returned
    or, if `fetch` raised an `Exception`, that exception. Anything else that `fetch` raises (`SystemExit`,
    `KeyboardInterrupt`) is raised. Every thread started here has ended when the call ends.

    Raises ValueError if `max_workers` is less than 1.
    """
    raise NotImplementedError
