"""Replaces what asks the judge, in the class of the callback and in its module, by something that makes answers up.

verdict: error
says: another than it was
"""

from concurrent.futures import ThreadPoolExecutor

from grader.player import callbacks


def never_ask(self, *arguments):
    return 0


callbacks.Callback.__call__ = callbacks.AsyncCallback.__call__ = never_ask
callbacks.outcome_of = lambda reply: 0


def parallel_map(function, items, workers):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
