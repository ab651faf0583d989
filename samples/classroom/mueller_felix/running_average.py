class Reset(Exception):
    pass


def running_average():
    print("running_average started")
    count = 0
    mean = None
    while True:
        try:
            print("waiting for a number...")
            x = yield mean
            print("GOT:", x)
        except Reset:
            print("RESET!!!")
            count = 0
            mean = None
            continue
        if x is None:
            print("the end, count =", count, "mean =", mean)
            return count, mean
        count += 1
        print("count is now", count)
        if mean is None:
            mean = float(x)
        else:
            mean += (x - mean) / count
        print("mean is now", mean)
        print("-" * 60)
