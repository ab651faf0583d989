"""A plane of differences for each coordinate, added up in the result; planes are cut into bands that fit."""

import numpy as np


def pairwise_distance(left, right, scratch=16 << 20):
    if left.ndim != 2 or right.ndim != 2:
        raise ValueError("both must have two dimensions")
    if left.shape[1] != right.shape[1]:
        raise ValueError("points with different numbers of coordinates")
    left, right = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    if len(left) < len(right):
        return by_bands(right, left, scratch).T
    return by_bands(left, right, scratch)


def by_bands(tall, short, scratch):
    """`tall` has at least as many points: so the loops have few rounds."""
    squares = np.zeros((len(tall), len(short)))
    band = max(1, scratch // (8 * max(1, min(len(short), 1_000))))
    for row in range(0, len(tall), band):
        for column in range(0, len(short), 1_000):
            here = squares[row : row + band, column : column + 1_000]
            for x, y in zip(tall[row : row + band].T, short[column : column + 1_000].T, strict=True):
                apart = np.subtract.outer(x, y)
                here += np.multiply(apart, apart, out=apart)
                del apart
    return np.sqrt(squares, out=squares)
