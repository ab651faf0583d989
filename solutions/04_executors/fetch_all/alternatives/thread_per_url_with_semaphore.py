"""One thread for each distinct url, started only when a semaphore has room for it."""

from collections.abc import Callable, Iterable
from threading import Semaphore, Thread


def fetch_all(urls: Iterable[str], fetch: Callable[[str], bytes], max_workers: int) -> dict[str, bytes | Exception]:
    """Fetch every distinct url once, `max_workers` at a time, and return the results by url."""
    if max_workers < 1:
        raise ValueError(f"max_workers must be at least 1, not {max_workers}")
    room = Semaphore(max_workers)
    pages: dict[str, bytes | Exception] = dict.fromkeys(urls, b"")
    fatal: list[BaseException] = []

    def work(url: str) -> None:
        try:
            pages[url] = fetch(url)
        except Exception as error:
            pages[url] = error
        except BaseException as error:
            fatal.append(error)
        finally:
            room.release()

    threads = []
    for url in pages:
        room.acquire()
        threads.append(Thread(target=work, args=(url,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    if fatal:
        raise fatal[0]
    return pages
