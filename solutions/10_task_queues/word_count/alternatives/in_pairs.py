"""A class for each kind of task, and lists of pairs instead of dicts on the way."""

from collections import Counter

from celery import Task, chord


def word_counter(app, read):
    class Count(Task):
        name = "count one"

        def run(self, name):
            return list(Counter(read(name).split()).items())

    class Sum(Task):
        name = "count all"

        def run(self, found):
            total = Counter()
            for pairs in found:
                for word, times in pairs:
                    total[word] += times
            return dict(total)

    count, total = app.register_task(Count()), app.register_task(Sum())

    def start(names):
        names = list(names)
        if names:
            return chord((count.s(name) for name in names), total.s()).delay()
        return total.delay([])

    return start
