"""Waits until the queue is done, but the daemon workers wait on for the next url for ever.

caught_by: test_no_thread_is_left_behind
verdict: leak
"""

from collections.abc import Callable, Iterable
from queue import Queue
from threading import Thread


def fetch_all(
    urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int
) -> dict[str, bytes | Exception]:
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    pages: dict[str, bytes | Exception] = dict.fromkeys(urls, b"")
    fatal: list[BaseException] = []
    waiting: Queue[str] = Queue()
    for url in pages:
        waiting.put(url)

    def work() -> None:
        while True:
            url = waiting.get()
            try:
                pages[url] = fetch(url)
            except Exception as error:
                pages[url] = error
            except BaseException as error:
                fatal.append(error)
            finally:
                waiting.task_done()

    for _ in range(max_workers):
        Thread(target=work, daemon=True).start()
    waiting.join()
    if fatal:
        raise fatal[0]
    return pages
