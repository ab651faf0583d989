"""Consumes no item, but exceptions of classes that are named like the items, and so look like them when written down.

exercise: producer_consumer
verdict: fail deadlock
earns: test_arguments
says: never consumed
"""

import threading


def produce_consume(producers, consume, capacity, consumers=1):
    if min(capacity, consumers) < 1:
        raise ValueError("at least 1")

    def work(items):
        for item in items:
            consume(type(repr(item), (Exception,), {})())

    threads = [threading.Thread(target=work, args=(items,)) for items in producers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
