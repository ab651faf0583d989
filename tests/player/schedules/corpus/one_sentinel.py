"""deadlock: two consumers, and one sign of the end."""

import queue

from grader.player.schedules import together


def scenario():
    tasks = queue.Queue()
    done = []

    def consume():
        while (item := tasks.get()) is not None:
            done.append(item)

    def produce():
        tasks.put(1)
        tasks.put(None)

    together(produce, consume, consume)
