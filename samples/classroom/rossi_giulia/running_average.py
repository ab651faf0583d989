"""Running average, Giulia Rossi"""


class Reset(Exception):
    pass


class Stats:
    def __init__(self):
        self.values = []      # all the numbers so far
        self.mean = None

    def add(self, value):
        self.values.append(value)
        if self.mean is None:
            self.mean = float(value)
        else:
            # the "sum(values) / len(values)" I had first was too slow for 1 000 000 numbers
            self.mean += (value - self.mean) / len(self.values)


def running_average():
    stats = Stats()
    while True:
        try:
            value = yield stats.mean
            if value is None:
                return len(stats.values), stats.mean
            stats.add(value)
        except Reset:
            stats = Stats()
