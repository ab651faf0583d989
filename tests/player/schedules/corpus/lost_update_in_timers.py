"""race: the threads are timers."""

from threading import Timer

log = [0]


def add():
    log[0] = log[0] + 1


def scenario():
    timers = [Timer(5, add), Timer(5, add)]
    for timer in timers:
        timer.start()
    for timer in timers:
        timer.join()
    assert log[0] == 2
