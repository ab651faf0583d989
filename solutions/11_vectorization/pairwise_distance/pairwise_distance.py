"""One block of pairs after another: differences in scratch memory, their squares added up where the result lies."""

from __future__ import annotations

import numpy as np


def pairwise_distance(left: np.ndarray, right: np.ndarray, scratch: int = 16 << 20) -> np.ndarray:
    """Return the Euclidean distance of each point of `left` from each of `right`, in `scratch` bytes."""
    left, right = _points(left, right)
    result = np.zeros((len(left), len(right)))
    rows, columns = _block(*result.shape, pairs=scratch // (8 * max(1, left.shape[1])))
    for i in range(0, len(left), rows):
        for j in range(0, len(right), columns):
            apart = left[i : i + rows, None] - right[j : j + columns]
            np.einsum("ijk,ijk->ij", apart, apart, out=result[i : i + rows, j : j + columns])
            del apart  # the next one is made before this name refers to it
    return np.sqrt(result, out=result)


def _points(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both as float64: differences of small unsigned integers would go round."""
    if left.ndim != 2 or right.ndim != 2 or left.shape[1] != right.shape[1]:
        raise ValueError(f"no points of the same number of coordinates: {left.shape} and {right.shape}")
    return np.asarray(left, np.float64), np.asarray(right, np.float64)


def _block(n: int, m: int, pairs: int) -> tuple[int, int]:
    """Rows and columns of the largest block that has no more pairs; its rows are whole ones if they fit."""
    columns = max(1, min(m, pairs))
    return max(1, min(n, pairs // columns)), columns
