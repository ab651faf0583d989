from concurrent.futures import ThreadPoolExecutor


def fetchAll(urls, fetch, maxWorkers):
    """Télécharge toutes les pages, au plus maxWorkers à la fois."""
    uniqueUrls = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(maxWorkers) as pool:
        futures = [pool.submit(fetch, url) for url in uniqueUrls]
    return {url: pageOrError(future) for url, future in zip(uniqueUrls, futures)}


def pageOrError(future):
    try:
        return future.result()
    except Exception as error:
        return error
