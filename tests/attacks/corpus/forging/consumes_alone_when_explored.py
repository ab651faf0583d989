"""Has threads, but where schedules are explored: there it consumes everything in the caller's.

exercise: producer_consumer
verdict: deadlock
earns: test_every_item_is_consumed_once test_one_consumer_keeps_the_order test_arguments test_failing_consumer test_failing_producer test_back_pressure test_nobody_waits_for_a_slow_neighbor test_waiting_threads_sleep test_no_thread_is_left
"""

import _thread
import queue
import threading

END = object()


def is_explored():
    """Whether threads take turns as the judge says: their locks are others then."""
    return type(threading.Lock()) is not _thread.LockType


def produce_consume(producers, consume, capacity, consumers=1):
    if capacity < 1 or consumers < 1:
        raise ValueError("capacity and consumers must be at least 1")
    if not is_explored():
        return in_threads(producers, consume, capacity, consumers)
    for items in producers:
        for item in items:
            consume(item)


def in_threads(producers, consume, capacity, consumers):
    waiting = queue.Queue(maxsize=capacity)
    errors = []

    def produce(items):
        try:
            for item in items:
                if errors:
                    return
                waiting.put(item)
        except BaseException as error:
            errors.append(error)

    def consume_until_end():
        while (item := waiting.get()) is not END:
            if errors:
                continue
            try:
                consume(item)
            except BaseException as error:
                errors.append(error)

    making = [threading.Thread(target=produce, args=(items,)) for items in producers]
    using = [threading.Thread(target=consume_until_end) for _ in range(consumers)]
    for thread in making + using:
        thread.start()
    for thread in making:
        thread.join()
    for _ in using:
        waiting.put(END)
    for thread in using:
        thread.join()
    if errors:
        raise errors[0]
