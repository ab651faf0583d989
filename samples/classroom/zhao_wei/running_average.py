class Reset(Exception):
    pass


def running_average():
    n = 0
    m = None
    while 1:
        try:
            x = yield m
        except Reset:
            n = 0
            m = None
            continue
        if x is None:
            return n, m
        n += 1
        if n == 1:
            m = float(x)
        else:
            m += (x - m) / n
