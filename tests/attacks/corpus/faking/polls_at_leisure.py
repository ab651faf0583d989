"""Waits by looking again and again, but so seldom that nobody who looks on for a moment sees it look.

exercise: producer_consumer
verdict: fail
earns: test_every_item_is_consumed_once test_one_consumer_keeps_the_order test_arguments test_failing_consumer test_failing_producer test_back_pressure test_nobody_waits_for_a_slow_neighbor test_any_order_of_threads test_no_thread_is_left
says: woke up again and again
"""

import queue
import threading

END = object()


class Patient(queue.Queue):
    """Its waiting threads are woken by nobody but themselves."""

    def get(self):
        while self.maxsize == 1:  # where it is looked at
            try:
                return super().get(timeout=0.45)
            except queue.Empty:
                pass
        return super().get()


def produce_consume(producers, consume, capacity, consumers=1):
    if min(capacity, consumers) < 1:
        raise ValueError("at least 1")
    waiting, errors = Patient(capacity), []

    def guarded(work, *arguments):
        try:
            work(*arguments)
        except BaseException as error:
            errors.append(error)

    def produce(items):
        for item in items:
            if errors:
                return
            waiting.put(item)

    def consume_all():
        while (item := waiting.get()) is not END:
            if not errors:
                guarded(consume, item)

    crews = [threading.Thread(target=guarded, args=(produce, items)) for items in producers]
    eaters = [threading.Thread(target=consume_all) for _ in range(consumers)]
    for thread in crews + eaters:
        thread.start()
    for thread in crews:
        thread.join()
    for _ in eaters:
        waiting.put(END)
    for thread in eaters:
        thread.join()
    if errors:
        raise errors[0]
