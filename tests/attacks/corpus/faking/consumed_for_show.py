"""Takes all items at once, and consumes something that is no item for each of them, so that none seems to wait.

exercise: producer_consumer
verdict: fail deadlock
earns: test_one_consumer_keeps_the_order test_arguments test_no_thread_is_left
says: consume calls too many
"""

import threading


def produce_consume(producers, consume, capacity, consumers=1):
    if min(capacity, consumers) < 1:
        raise ValueError("at least 1")
    waiting = []

    def produce(items):
        for item in items:
            waiting.append(item)
            consume("for show")

    threads = [threading.Thread(target=produce, args=(items,)) for items in producers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for item in waiting:
        consume(item)
