"""Public tests: run `pytest` in this folder."""

import threading
from collections import Counter

import pytest
from fetch_all import fetch_all

PATIENCE = 10  # seconds; ends a hang, decides nothing else


def page(url):
    return b"page " + url.encode()


def test_every_page_is_there_in_order():
    result = fetch_all(["/c", "/a", "/b"], page, max_workers=2)

    assert list(result.items()) == [("/c", b"page /c"), ("/a", b"page /a"), ("/b", b"page /b")]


def test_a_failure_is_the_value_of_its_url_and_of_no_other():
    missing = FileNotFoundError("/missing")

    def fetch(url):
        if url == "/missing":
            raise missing
        return page(url)

    result = fetch_all(["/a", "/missing", "/b"], fetch, max_workers=2)

    assert result == {"/a": b"page /a", "/missing": missing, "/b": b"page /b"}


def test_a_duplicate_is_fetched_once():
    fetched = []

    def fetch(url):
        fetched.append(url)
        return page(url)

    result = fetch_all(iter(["/a", "/b", "/a", "/a"]), fetch, max_workers=2)

    assert list(result) == ["/a", "/b"]
    assert Counter(fetched) == {"/a": 1, "/b": 1}


def test_three_workers_fetch_three_pages_at_once():
    three_inside = threading.Barrier(3)
    lock = threading.Lock()
    inside = most = 0

    def fetch(url):
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        three_inside.wait(timeout=PATIENCE)  # passes when three fetches have come this far
        with lock:
            inside -= 1
        return page(url)

    result = fetch_all([f"/{n}" for n in range(9)], fetch, max_workers=3)

    broken = [value for value in result.values() if isinstance(value, threading.BrokenBarrierError)]
    assert not broken, "three fetches were never in progress at the same time"
    assert most == 3, f"{most} fetches were in progress at once, the limit was 3"


def test_no_thread_is_left_behind():
    before = set(threading.enumerate())

    fetch_all(["/a", "/b", "/c"], page, max_workers=3)

    assert set(threading.enumerate()) <= before


def test_no_urls_give_an_empty_result():
    assert fetch_all([], page, max_workers=4) == {}


@pytest.mark.parametrize("max_workers", [0, -1])
def test_fewer_than_one_worker_is_refused(max_workers):
    fetched = []

    with pytest.raises(ValueError):
        fetch_all(["/a"], fetched.append, max_workers)

    assert fetched == []
