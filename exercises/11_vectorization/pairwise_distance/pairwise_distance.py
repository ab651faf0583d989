"""The distance of each point from each other one."""

import numpy as np


def pairwise_distance(left: np.ndarray, right: np.ndarray, scratch: int = 16 << 20) -> np.ndarray:
    """Return an array of float64: element (i, j) is the Euclidean distance of `left[i]` from `right[j]`.

    Besides the points and the result, at most `scratch` bytes are used.

    Raises:
        ValueError: if an argument has not two dimensions, or the points have not the same number of coordinates.
    """
    raise NotImplementedError
