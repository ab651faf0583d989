"""The mean of the numbers sent so far, as a generator-based coroutine."""


class Reset(Exception):
    """Thrown into the coroutine to make it start afresh."""


def running_average():
    total, count = 0.0, 0
    mean = None
    while True:
        try:
            number = yield mean
        except Reset:
            total, count, mean = 0.0, 0, None
            continue
        if number is None:
            return count, mean
        total += number
        count += 1
        mean = total / count
