"""Blocks as long as the window: every window is the end of one block and the beginning of the next one.

The idea is that of van Herk (1992) and Gil and Werman (1993), who had it for maxima.
"""

from __future__ import annotations

import numpy as np


def moving_mean(values: np.ndarray, window: int) -> np.ndarray:
    """Return the mean of each `window` neighbours, as float64."""
    number = _windows(values, window)
    blocks = _blocks(values, window)
    ends, before = np.empty_like(blocks), np.zeros_like(blocks)
    np.add.accumulate(blocks[:, ::-1], axis=1, out=ends[:, ::-1])
    np.add.accumulate(blocks[:, :-1], axis=1, out=before[:, 1:])
    return (ends.reshape(-1)[:number] + before.reshape(-1)[window : window + number]) / window


def moving_max(values: np.ndarray, window: int) -> np.ndarray:
    """Return the largest of each `window` neighbours, as float64."""
    number = _windows(values, window)
    blocks = _blocks(values, window)
    ends = np.empty_like(blocks)
    np.maximum.accumulate(blocks[:, ::-1], axis=1, out=ends[:, ::-1])
    beginnings = np.maximum.accumulate(blocks, axis=1)
    return np.maximum(ends.reshape(-1)[:number], beginnings.reshape(-1)[window - 1 : window - 1 + number])


def _windows(values: np.ndarray, window: int) -> int:
    """How many there are."""
    if window < 1:
        raise ValueError(f"window must be at least 1, not {window}")
    if values.ndim != 1:
        raise ValueError(f"values must have one dimension, not {values.ndim}")
    return max(0, values.size - window + 1)


def _blocks(values: np.ndarray, window: int) -> np.ndarray:
    """A copy, a block in each row. Behind the last value there is room for one more at least."""
    window = min(window, values.size + 1)
    blocks = np.zeros((values.size // window + 1, window))
    blocks.reshape(-1)[: values.size] = values
    return blocks
