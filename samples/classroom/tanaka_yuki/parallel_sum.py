from concurrent.futures import ThreadPoolExecutor


def parallel_sum(func, n, workers):
    with ThreadPoolExecutor(max_workers=workers) as executor:
        return sum(executor.map(func, range(n)))
