"""The same with a queue, whose unfinished tasks are counted.

exercise: safe_counter
verdict: race error
earns: test_counts_up_and_down test_counters_are_independent
"""

import queue


class Nothing:
    """In the place of a condition."""

    def __enter__(self):
        return True

    def __exit__(self, *error):
        pass

    def notify(self, n=1):
        pass

    notify_all = notify


class Tasks(queue.Queue):
    def __init__(self):
        super().__init__()
        self.mutex = self.not_full = self.not_empty = self.all_tasks_done = Nothing()

    def _put(self, item):
        pass


class Counter:
    def __init__(self):
        self._up, self._down = Tasks(), Tasks()

    def increment(self, n=1):
        for _ in range(abs(n)):
            (self._up if n > 0 else self._down).put(None)

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._up.unfinished_tasks - self._down.unfinished_tasks
