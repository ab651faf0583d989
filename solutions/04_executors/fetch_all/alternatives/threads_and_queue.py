"""Plain threads that take urls from one queue."""

from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from threading import Thread


def fetch_all(urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int) -> dict[str, bytes | Exception]:
    """Fetch every distinct url once, `max_workers` at a time, and return the results by url."""
    if max_workers < 1:
        raise ValueError(f"max_workers must be at least 1, not {max_workers}")
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

    workers = [Thread(target=work) for _ in range(min(max_workers, len(pages)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if fatal:
        raise fatal[0]
    return pages
