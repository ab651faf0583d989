"""Windows of 1, 2, 4, 8 … values, each made of two of half the length that lie side by side."""

from __future__ import annotations

import numpy as np


def moving_mean(values: np.ndarray, window: int) -> np.ndarray:
    """A window is put together from those whose lengths are the binary digits of its own."""
    number = _windows(values, window)
    if number == 0:
        return np.empty(0)
    sums, length = values.astype(np.float64), 1
    total, done = np.zeros(number), 0
    while True:
        if window & length:
            total += sums[done : done + number]
            done += length
        if done == window:
            return total / window
        sums = sums[:-length] + sums[length:]
        length *= 2


def moving_max(values: np.ndarray, window: int) -> np.ndarray:
    """For maxima the two that make up a window may overlap."""
    number = _windows(values, window)
    if number == 0:
        return np.empty(0)
    largest, length = values.astype(np.float64), 1
    while 2 * length <= window:
        largest = np.maximum(largest[:-length], largest[length:])
        length *= 2
    return np.maximum(largest[:number], largest[window - length : window - length + number])


def _windows(values: np.ndarray, window: int) -> int:
    if window < 1 or values.ndim != 1:
        raise ValueError("a window of at least one value, in one dimension")
    return max(0, len(values) - window + 1)
