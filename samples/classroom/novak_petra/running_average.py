class Reset(Exception):
    pass


def running_average():
    while True:
        try:
            count, mean = yield from until_reset()
            return count, mean
        except Reset:
            continue


def until_reset():
    number = yield
    count = 0
    mean = 0.0
    while number is not None:
        count += 1
        mean = mean + (number - mean) / count
        number = yield mean
    if count == 0:
        mean = None
    return count, mean
