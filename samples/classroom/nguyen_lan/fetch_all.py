from concurrent.futures import ThreadPoolExecutor, as_completed


def fetch_all(urls, fetch, max_workers):
    """Download the urls with a pool of `max_workers` threads."""
    pages = {}
    with ThreadPoolExecutor(max_workers=max_workers) as executor:
        url_of = {}
        for url in urls:
            if url not in pages:
                pages[url] = None  # reserves the place of the url in the dict
                url_of[executor.submit(fetch, url)] = url
        for future in as_completed(url_of):
            url = url_of[future]
            try:
                pages[url] = future.result()
            except Exception as error:
                pages[url] = error
    return pages
