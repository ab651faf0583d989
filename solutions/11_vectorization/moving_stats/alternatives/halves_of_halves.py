"""A window is two halves, which are windows of half the length: so a function that calls itself."""

import numpy as np


def moving_mean(values, window):
    return combined(np.add, as_floats(values, window), window) / window


def moving_max(values, window):
    return combined(np.maximum, as_floats(values, window), window)


def as_floats(values, window):
    if window <= 0:
        raise ValueError("no window is that short")
    if np.ndim(values) != 1:
        raise ValueError("values have to be one-dimensional")
    floats = np.array(values, dtype=float)
    return floats if window <= floats.size else floats[:0]


def combined(operation, values, window):
    """All windows of a new array, which may be changed."""
    if window == 1 or values.size == 0:
        return values
    halves = combined(operation, values, window // 2)
    wholes = operation(halves[: -(window // 2)], halves[window // 2 :])
    if window % 2:
        wholes = operation(wholes[:-1], values[window - 1 :])
    return wholes
