import queue
import threading


class _End:
    """Marks the end of the queue. One for each consumer."""


def produce_consume(producers, consume, capacity, consumers=1):
    if capacity < 1:
        raise ValueError("capacity too small")
    if consumers < 1:
        raise ValueError("at least one consumer, please")

    q = queue.Queue(maxsize=capacity)
    stop = threading.Event()

    def producer(source):
        try:
            for item in source:
                if stop.is_set():
                    return
                q.put(item)
        except Exception as e:
            print(f"producer failed: {e!r}")
            stop.set()

    def consumer():
        while True:
            item = q.get()
            if item is _End:
                return
            if stop.is_set():
                continue  # something went wrong, throw the rest away
            try:
                consume(item)
            except Exception as e:
                print(f"consumer failed: {e!r}")
                stop.set()

    ps = [threading.Thread(target=producer, args=[s]) for s in producers]
    cs = [threading.Thread(target=consumer) for _ in range(consumers)]
    for t in ps + cs:
        t.start()
    for t in ps:
        t.join()
    for _ in cs:
        q.put(_End)
    for t in cs:
        t.join()
