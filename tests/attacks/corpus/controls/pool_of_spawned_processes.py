"""An honest solution with a pool of processes started afresh: who fetches is in none of the first one's threads.

exercise: fetch_all
verdict: pass
earns: test_every_page_under_its_url test_keys_in_order_of_first_occurrence test_one_failure_keeps_the_others test_only_exceptions_are_values test_duplicates_are_fetched_once test_arguments test_never_more_than_max_workers test_max_workers_at_once test_no_thread_is_left_behind
"""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context


def outcome(fetch, url):
    try:
        return fetch(url)
    except Exception as error:
        return error


def fetch_all(urls, fetch, max_workers):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    distinct = list(dict.fromkeys(urls))
    with ProcessPoolExecutor(max_workers, mp_context=get_context("spawn")) as pool:
        return dict(zip(distinct, pool.map(partial(outcome, fetch), distinct), strict=True))
