"""An event loop that hands the blocking calls to an executor of the right size.

`asyncio.to_thread` would not do: the size of its default executor depends on the machine.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def fetch_all(urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int) -> dict[str, bytes | Exception]:
    """Fetch every distinct url once, `max_workers` at a time, and return the results by url."""

    async def outcome(pool: ThreadPoolExecutor, url: str) -> bytes | Exception:
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, fetch, url)
        except Exception as error:
            return error

    async def all_outcomes(pool: ThreadPoolExecutor) -> dict[str, bytes | Exception]:
        distinct = list(dict.fromkeys(urls))
        pages = await asyncio.gather(*(outcome(pool, url) for url in distinct))
        return dict(zip(distinct, pages, strict=True))

    with ThreadPoolExecutor(max_workers) as pool:
        return asyncio.run(all_outcomes(pool))
