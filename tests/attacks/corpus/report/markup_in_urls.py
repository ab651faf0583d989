"""Fetches what it was not asked for, twice: addresses made of markup, and things that are no text, land on the timeline.

exercise: fetch_all
verdict: error
earns: test_every_page_under_its_url test_keys_in_order_of_first_occurrence test_only_exceptions_are_values test_never_more_than_max_workers
says: each different url fetched once
"""

import contextlib

ADDRESSES = ["<script>attack()</script>", "</title></svg><img src=x>", "\x1b[2J\u202e\u2066\ud800"]


def fetch_all(urls, fetch, max_workers):
    for address in [*ADDRESSES, *ADDRESSES, 5, ("<script>attack",)]:
        with contextlib.suppress(Exception):
            fetch(address)
    return {url: fetch(url) for url in urls}
