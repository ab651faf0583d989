from concurrent.futures import ThreadPoolExecutor


def fetch_all(urls, fetch, max_workers):
    def attempt(url):
        try:
            return fetch(url)
        except Exception as e:
            return e

    distinct = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(max_workers=max_workers) as ex:
        return dict(zip(distinct, ex.map(attempt, distinct)))
