import threading


def fetch_all(urls, fetch, max_workers):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")

    slots = threading.BoundedSemaphore(max_workers)
    pages = dict.fromkeys(urls)
    errors = []

    def run(url):
        try:
            pages[url] = fetch(url)
        except Exception as e:
            pages[url] = e
        except BaseException as e:
            errors.append(e)
        finally:
            slots.release()

    threads = []
    for url in list(pages):
        slots.acquire()     # the main thread waits here until somebody is done
        if errors:
            break
        t = threading.Thread(target=run, args=(url,))
        t.start()
        threads.append(t)
    for t in threads:
        t.join()

    if errors:
        raise errors[0]
    return pages
