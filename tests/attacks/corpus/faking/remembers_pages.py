"""Never runs more than three fetches at once, and serves a second call with the same urls from memory.

exercise: fetch_all
verdict: fail
earns: test_every_page_under_its_url test_keys_in_order_of_first_occurrence test_one_failure_keeps_the_others test_only_exceptions_are_values test_duplicates_are_fetched_once
"""

from concurrent.futures import ThreadPoolExecutor

known = {}


def fetch_all(urls, fetch, max_workers):
    if max_workers < 1:
        raise ValueError(max_workers)
    missing = [url for url in dict.fromkeys(urls) if url not in known]
    with ThreadPoolExecutor(min(3, max_workers)) as pool:
        futures = {url: pool.submit(fetch, url) for url in missing}
    known.update({url: future.exception() or future.result() for url, future in futures.items()})
    return {url: known[url] for url in urls}
