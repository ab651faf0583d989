"""Mean and maximum over every window of a long array."""

import numpy as np


def moving_mean(values: np.ndarray, window: int) -> np.ndarray:
    """Return the mean of each `window` neighbours, as float64: of `values[0:window]`, of `values[1:window + 1]`, ...

    Raises:
        ValueError: if `window` is less than 1, or `values` has not one dimension.
    """
    raise NotImplementedError


def moving_max(values: np.ndarray, window: int) -> np.ndarray:
    """Return the largest of each `window` neighbours, as float64.

    Raises:
        ValueError: if `window` is less than 1, or `values` has not one dimension.
    """
    raise NotImplementedError
