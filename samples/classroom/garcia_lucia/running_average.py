# Lucía García - Homework 6
# running_average

class Reset(Exception):
    pass


def running_average():
    count = 0
    mean = None
    while True:
        # wait for the next number (or for a Reset)
        try:
            number = yield mean
        except Reset:
            count = 0
            mean = None
        else:
            if number is None:
                break
            count = count + 1
            if mean is None:
                mean = float(number)
            else:
                mean = mean + (number - mean) / count
    return (count, mean)
