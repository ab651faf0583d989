"""race: the threads are an executor's."""

from concurrent.futures import ThreadPoolExecutor

counts = {"a": 0}


def add(key):
    counts[key] += 1


def scenario():
    with ThreadPoolExecutor(2) as executor:
        list(executor.map(add, ["a", "a"]))
    assert counts["a"] == 2
