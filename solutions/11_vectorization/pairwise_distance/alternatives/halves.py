"""Divide and conquer: what does not fit is cut in two along its longer side, until `norm` can have all at once."""

import numpy as np

COPIES = 4  # that `norm` makes of the differences, at most


def pairwise_distance(left, right, scratch=16 << 20):
    if not (left.ndim == right.ndim == 2 and left.shape[1] == right.shape[1]):
        raise ValueError("left and right do not go together")
    result = np.empty((left.shape[0], right.shape[0]))
    fill(result, np.asarray(left, dtype=float), np.asarray(right, dtype=float), scratch // COPIES)
    return result


def fill(result, left, right, most):
    rows, columns = result.shape
    if rows * columns * left.shape[1] * 8 <= most or rows == columns == 1:
        result[...] = np.linalg.norm(left[:, np.newaxis, :] - right[np.newaxis, :, :], axis=2)
    elif rows >= columns:
        fill(result[: rows // 2], left[: rows // 2], right, most)
        fill(result[rows // 2 :], left[rows // 2 :], right, most)
    else:
        fill(result[:, : columns // 2], left, right[: columns // 2], most)
        fill(result[:, columns // 2 :], left, right[columns // 2 :], most)
