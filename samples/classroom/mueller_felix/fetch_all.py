from concurrent.futures import ThreadPoolExecutor


def fetch_all(urls, fetch, max_workers):
    print("=" * 60)
    print("fetch_all called with max_workers =", max_workers)

    def debug_fetch(url):
        for attempt in range(200):
            print("DEBUG", attempt, "I am in the thread for", url)
        try:
            page = fetch(url)
            print("DEBUG got page", page)
            return page
        except Exception as e:
            print("DEBUG got error", e)
            return e

    results = {}
    unique = []
    for url in urls:
        print("DEBUG url", url)
        if url not in unique:
            unique.append(url)
    with ThreadPoolExecutor(max_workers) as executor:
        for url, page in zip(unique, executor.map(debug_fetch, unique)):
            print("DEBUG result", url, page)
            results[url] = page
    print("DEBUG done", results)
    return results
