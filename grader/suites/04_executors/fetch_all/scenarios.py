"""Drives `fetch_all` inside the sandbox. `fetch` is answered by the judge."""

from grader.player.callbacks import Callback


def download(student, urls, max_workers):
    """The result's items, in the order of its keys."""
    return list(student.fetch_all(urls, Callback("fetch"), max_workers).items())


def download_from_iterator(student, urls, max_workers):
    return list(student.fetch_all(iter(urls), Callback("fetch"), max_workers).items())
