from concurrent.futures import ThreadPoolExecutor


def fetch_all(urls, fetch, max_workers):
    urls = list(dict.fromkeys(urls))
    results = {}
    with ThreadPoolExecutor(max_workers=max_workers) as pool
        futures = {url: pool.submit(fetch, url) for url in urls}
        for url, future in futures.items():
            try:
                results[url] = future.result()
            except Exception as e:
                results[url] = e
    return results
