"""Starts a range of workers without looking at the number: with none, the urls come back unfetched.

caught_by: test_arguments
verdict: fail
"""

from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from threading import Thread


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    pages: dict[str, bytes | Exception] = dict.fromkeys(urls, b"")
    fatal: list[BaseException] = []
    waiting: SimpleQueue[str] = SimpleQueue()
    for url in pages:
        waiting.put(url)

    def work() -> None:
        while True:
            try:
                url = waiting.get_nowait()
            except Empty:
                return
            try:
                pages[url] = fetch(url)
            except Exception as error:
                pages[url] = error
            except BaseException as error:
                fatal.append(error)

    workers = [Thread(target=work) for _ in range(max_workers)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if fatal:
        raise fatal[0]
    return pages
