"""Fetches one page after another, once it has fetched the first so often and at the same time as if it were them all.

exercise: fetch_all
verdict: fail
earns: test_every_page_under_its_url test_keys_in_order_of_first_occurrence test_one_failure_keeps_the_others test_only_exceptions_are_values test_arguments test_never_more_than_max_workers test_no_thread_is_left_behind
says: each different url fetched once
"""

from concurrent.futures import ThreadPoolExecutor


def fetch_all(urls, fetch, max_workers):
    if max_workers < 1:
        raise ValueError(max_workers)
    pages = dict.fromkeys(urls)
    with ThreadPoolExecutor(max_workers) as pool:
        show = [pool.submit(fetch, next(iter(pages))) for _ in pages]
    for future in show:
        future.exception()
    for url in pages:
        try:
            pages[url] = fetch(url)
        except Exception as error:
            pages[url] = error
    return pages
