"""Raises KeyboardInterrupt while it is imported: a judge that takes it for the instructor's Ctrl-C stops grading.

verdict: error
says: KeyboardInterrupt: stop grading
"""

raise KeyboardInterrupt("stop grading")


def parallel_map(function, items, workers):
    return []
