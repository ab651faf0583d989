"""Drives `fetch_all` inside the sandbox. `fetch` is answered by the judge."""

from grader.player.callbacks import Callback


def download(student, urls, max_workers):
    return student.fetch_all(urls, Callback("fetch"), max_workers)


def download_from_iterator(student, urls, max_workers):
    return student.fetch_all(iter(urls), Callback("fetch"), max_workers)
