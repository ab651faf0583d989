# Lucía García - Homework 4
# fetch_all

def fetch_all(urls, fetch, max_workers):
    if max_workers < 1:
        raise ValueError("max_workers must be >= 1")

    results = {}   # url -> page or error
    for url in urls:
        if url in results:
            continue    # already have it
        try:
            results[url] = fetch(url)
        except Exception as e:
            results[url] = e    # keep the error, go on with the next one
    return results
