"""Fetches one page after another, and also calls `fetch` without a url, for whoever takes the first argument of a call.

exercise: fetch_all
verdict: fail
earns: test_every_page_under_its_url test_keys_in_order_of_first_occurrence test_one_failure_keeps_the_others test_only_exceptions_are_values test_arguments test_never_more_than_max_workers test_no_thread_is_left_behind
says: in progress (3 workers, enough urls left)
"""

import contextlib


def fetch_all(urls, fetch, max_workers):
    if max_workers < 1:
        raise ValueError(max_workers)
    pages = dict.fromkeys(urls)
    with contextlib.suppress(TypeError):
        pages and fetch()
    for url in pages:
        try:
            pages[url] = fetch(url)
        except Exception as error:
            pages[url] = error
    return pages
