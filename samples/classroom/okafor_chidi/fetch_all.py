"""fetch_all with asyncio as the conductor and threads as the orchestra.

The event loop hands out the urls; asyncio.to_thread would use the loop's default pool, whose size is not ours to
choose, so there is a pool of exactly max_workers threads.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def fetch_all(urls, fetch, max_workers):
    # ThreadPoolExecutor refuses max_workers < 1 with a ValueError, so there is no check of my own.
    with ThreadPoolExecutor(max_workers) as pool:
        return asyncio.run(_conduct(list(dict.fromkeys(urls)), fetch, pool))


async def _conduct(urls, fetch, pool):
    loop = asyncio.get_running_loop()
    jobs = [loop.run_in_executor(pool, _outcome, fetch, url) for url in urls]
    # SystemExit would tear down the event loop if it came out of a future; carry it as a value and raise it here.
    outcomes = await asyncio.gather(*jobs)
    fatal = [error for error, is_fatal in outcomes if is_fatal]
    if fatal:
        raise fatal[0]
    return {url: value for url, (value, _) in zip(urls, outcomes)}


def _outcome(fetch, url):
    try:
        return fetch(url), False
    except Exception as error:
        return error, False
    except BaseException as error:
        return error, True
