import concurrent.futures

TASKS = 100  # many small tasks, so that all workers are busy until the end


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor. Given: keep it as it is, and use it."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def count_range(start, end):
    count = 0
    for number in range(start, end):
        if is_prime(number):
            count += 1
    return count


def count_primes(limit, workers):
    if workers < 1:
        raise ValueError("at least one worker, please")
    total = 0
    step = max(limit // TASKS, 1)
    with concurrent.futures.ProcessPoolExecutor(max_workers=workers) as executor:
        futures = []
        start = 0
        while start < limit:
            end = min(start + step, limit)
            futures.append(executor.submit(count_range, start, end))
            start = end
        for f in futures:
            total += f.result()
    return total
