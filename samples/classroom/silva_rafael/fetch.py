# exercise 4
import concurrent.futures as cf


def fetch_all(urls, fetch, max_workers):
    order = dict.fromkeys(urls)
    with cf.ThreadPoolExecutor(max_workers) as ex:
        jobs = {u: ex.submit(fetch, u) for u in order}
    for u, j in jobs.items():
        try:
            order[u] = j.result()
        except Exception as exc:
            order[u] = exc
    return order
