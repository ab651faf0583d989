"""An exact running average.

Every finite float is an integer times a power of two, and the smallest power there is is 2**-1074. So the total of
floats can be kept *exactly*, as one Python integer counting units of 2**-1074. It needs about 2100 bits, however
many numbers come. The only rounding is the one in the final division, which Python does correctly for integers of
any size.
"""

UNITS = 1074


class Reset(Exception):
    """Start over."""


def _in_units(number):
    numerator, denominator = number.as_integer_ratio()
    return numerator << (UNITS + 1 - denominator.bit_length())


def running_average():
    total, count = 0, 0
    while True:
        try:
            number = yield (total / (count << UNITS) if count else None)
        except Reset:
            total, count = 0, 0
            continue
        if number is None:
            return count, (total / (count << UNITS) if count else None)
        total += _in_units(number)
        count += 1
