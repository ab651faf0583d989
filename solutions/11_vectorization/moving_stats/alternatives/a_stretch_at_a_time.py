"""Long arrays are worked through in stretches that a processor's cache can hold, each by blocks of the window's length.

The loop in Python is over stretches, of which there are few.
"""

import numpy as np

STRETCH = 50_000


def moving_mean(values, window):
    return in_stretches(values, window, block_sums) / window


def moving_max(values, window):
    return in_stretches(values, window, block_maxima)


def in_stretches(values, window, compute):
    if values.ndim != 1:
        raise ValueError(f"{values.ndim} dimensions")
    if window < 1:
        raise ValueError(f"window is {window}")
    number = max(0, values.size - window + 1)
    result = np.empty(number)
    step = max(STRETCH, 4 * window)
    for start in range(0, number, step):
        end = min(start + step, number)
        part = np.asarray(values[start : end + window - 1], dtype=np.float64)
        result[start:end] = compute(part, window)
    return result


def block_maxima(part, window):
    blocks = in_blocks(part, window, -np.inf)
    forwards = np.maximum.accumulate(blocks, axis=1).ravel()
    backwards = np.fliplr(np.maximum.accumulate(np.fliplr(blocks), axis=1)).ravel()
    number = part.size - window + 1
    return np.maximum(backwards[:number], forwards[window - 1 : part.size])


def block_sums(part, window):
    """A window that is a block itself must not be counted twice."""
    blocks = in_blocks(part, window, 0.0)
    forwards = np.cumsum(blocks, axis=1)
    backwards = np.fliplr(np.cumsum(np.fliplr(blocks), axis=1))
    forwards[:, -1] = 0
    number = part.size - window + 1
    return backwards.ravel()[:number] + forwards.ravel()[window - 1 : part.size]


def in_blocks(part, window, filling):
    missing = -part.size % window
    return np.concatenate((part, np.full(missing, filling))).reshape(-1, window)
