"""Drives `word_counter` inside the sandbox. The library is the judge's."""

from grader.player.callbacks import DirectCallback
from grader.player.task_queue import Workers, application, outcome_of

read, started = DirectCallback("read"), DirectCallback("started")


def count(student, counts, workers):
    """Several counts, one started after the other; `started` is told after each."""
    with application() as app:
        start = student.word_counter(app, read)
        with Workers(app, workers) as running:
            started()
            results = []
            for names in counts:
                results.append(start(iter(names)))
                started()
            running.until_calm()
            return [outcome_of(result) for result in results]
