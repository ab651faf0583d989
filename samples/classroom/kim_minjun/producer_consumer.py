from queue import Queue
from threading import Thread

STOP = object()


def produce_consume(producers, consume, capacity, consumers=1):
    if capacity < 1:
        raise ValueError("capacity < 1")
    if consumers < 1:
        raise ValueError("consumers < 1")

    q = Queue(capacity)
    failed = []

    def guarded(work):
        def run(*args):
            try:
                work(*args)
            except BaseException as e:
                failed.append(e)

        return run

    @guarded
    def feed(source):
        for item in source:
            if failed:
                break
            q.put(item)

    def eat():
        one = guarded(consume)
        while (item := q.get()) is not STOP:
            if not failed:
                one(item)
            # after a failure: keep taking, so nobody is stuck in put()

    feeders = [Thread(target=feed, args=(p,)) for p in producers]
    eaters = [Thread(target=eat) for _ in range(consumers)]
    for t in feeders + eaters:
        t.start()
    for t in feeders:
        t.join()
    for _ in eaters:
        q.put(STOP)
    for t in eaters:
        t.join()
    if failed:
        raise failed[0]
