class Reset(Exception):
    pass


def running_average():
    n, avg = 0, None
    while True:
        try:
            x = yield avg
        except Reset:
            n, avg = 0, None
            continue
        if x is None:
            return n, avg
        n += 1
        avg = float(x) if n == 1 else avg + (x - avg) / n
