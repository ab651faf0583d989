"""parallel_sum, homework 3. Works for me :)"""
from multiprocessing import Process, Queue


def worker(func, start, stop, queue):
    total = 0
    for i in range(start, stop):
        total += func(i)
    queue.put(total)


def parallel_sum(func, n, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    if n <= 0:
        return 0
    workers = min(workers, n)
    queue = Queue()
    processes = []
    for k in range(workers):
        p = Process(target=worker, args=(func, k * n // workers, (k + 1) * n // workers, queue))
        processes.append(p)
        p.start()
    for p in processes:
        p.join()
    return sum(queue.get() for _ in processes)
