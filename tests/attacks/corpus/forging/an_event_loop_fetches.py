"""An event loop in the caller's thread makes all fetches, through the harness's own callback for coroutines.

exercise: fetch_all
verdict: fail
earns: test_every_page_under_its_url test_keys_in_order_of_first_occurrence test_one_failure_keeps_the_others test_only_exceptions_are_values test_duplicates_are_fetched_once test_arguments test_never_more_than_max_workers test_no_thread_is_left_behind
says: besides the one that has called fetch_all
"""

import asyncio

from grader.player.callbacks import AsyncCallback


async def fetch_in_turn(urls, fetch, max_workers):
    places = asyncio.Semaphore(max_workers)

    async def one(url):
        async with places:
            return await fetch(url)

    return await asyncio.gather(*map(one, urls), return_exceptions=True)


def fetch_all(urls, fetch, max_workers):
    if max_workers < 1:
        raise ValueError(max_workers)
    urls = list(dict.fromkeys(urls))
    pages = asyncio.run(fetch_in_turn(urls, AsyncCallback(fetch._name, fetch.path), max_workers))
    for page in pages:
        if isinstance(page, BaseException) and not isinstance(page, Exception):
            raise page
    return dict(zip(urls, pages))
