"""right: waits with time-outs, and what is waited for comes first."""

import queue
import threading


def scenario():
    ready, answers = threading.Event(), queue.Queue()

    def work():
        answers.put("ready" if ready.wait(timeout=5) else "too late")

    thread = threading.Thread(target=work)
    thread.start()
    ready.set()
    assert answers.get(timeout=10) == "ready"
    thread.join(timeout=10)
    assert not thread.is_alive()
