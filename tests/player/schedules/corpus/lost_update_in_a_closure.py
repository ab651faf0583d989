"""race: the number is a variable of the enclosing function."""

from threading import Thread


def scenario():
    total = 0

    def add():
        nonlocal total
        total += 1

    threads = [Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total == 2
