"""Drives `pairwise_distance` inside the sandbox.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import any, list, min, range, str, sum, type, zip
from collections.abc import Callable
from math import sqrt

import numpy as np

from grader.player.callbacks import DirectCallback
from grader.player.operations import counted

mark = DirectCallback("mark")
arange, array, asfortranarray, empty, frombuffer, may_share_memory, ndarray, repeat, uint64, zeros = (
    np.arange,
    np.array,
    np.asfortranarray,
    np.empty,
    np.frombuffer,
    np.may_share_memory,
    np.ndarray,
    np.repeat,
    np.uint64,
    np.zeros,
)
astype, copied, reshaped, tobytes = ndarray.astype, ndarray.copy, ndarray.reshape, ndarray.tobytes
PIECE = 1 << 16

LAYOUTS: dict[str, Callable] = {
    "plain": copied,
    "read-only": lambda content: reshaped(frombuffer(tobytes(content), content.dtype), content.shape),
    "in Fortran's order": asfortranarray,
    "a view of every other row and column": lambda content: repeat(repeat(content, 2, 0), 2, 1)[::2, 1::2],
    "a view from the last row to the first": lambda content: copied(content[::-1])[::-1],
    "of the other byte order": lambda content: astype(content, content.dtype.newbyteorder()),
}


def computed(student, contents, shapes, kind="float64", layout="plain", **how):
    """The result as plain data, whether it has memory of its own, and whether the points are as they were."""
    both = [
        LAYOUTS[layout](astype(reshaped(frombuffer(content), shape), kind))
        for content, shape in zip(contents, shapes, strict=True)
    ]
    before = [tobytes(points) for points in both]
    result = student.pairwise_distance(*both, **how)
    alone = type(result) is ndarray and not any(may_share_memory(result, points) for points in both)
    return [*_told(result), alone, [tobytes(points) for points in both] == before]


def from_itself(student, content, shape):
    """All points from one another: the same array twice."""
    points = reshaped(frombuffer(content), shape)
    return [*_told(student.pairwise_distance(points, points)), True, True]


def refused(student, shapes):
    return _told(student.pairwise_distance(*(zeros(shape) for shape in shapes)))


def of_many(student, shapes, keys, pairs, **how):
    return _some(student.pairwise_distance(*made(shapes, keys), **how), pairs)


def steps(student, shapes, keys, pairs):
    both = made(shapes, keys)
    result, number = counted(lambda: student.pairwise_distance(*both))
    return [number, *_some(result, pairs)]


def costs(student, shapes, keys, pairs):
    both = made(shapes, keys)
    mark("")
    result = student.pairwise_distance(*both)
    mark("yours")
    return _some(result, pairs)


def cost_of_loop(stub, shapes, keys, pairs):
    """A plain loop over all pairs, and over their coordinates. Run it on the stub."""
    left, right = made(shapes, keys)
    mark("")
    right = right.tolist()
    array([[sqrt(sum((x - y) ** 2 for x, y in zip(p, q, strict=True))) for q in right] for p in left.tolist()])
    mark("loop")


def made(shapes, keys):
    return [reshaped(_numbers(n * d, key), (n, d)) for (n, d), key in zip(shapes, keys, strict=True)]


def _numbers(length, key):
    """By the formula that the suite has, too; a piece at a time, as the most memory that is in use is looked at."""
    values = empty(length)
    for start in range(0, length, PIECE):
        numbers = arange(start, min(length, start + PIECE), dtype=uint64)
        numbers *= uint64(2_654_435_761)
        numbers += uint64(key)
        numbers &= uint64(0xFFFFFFFF)
        values[start : start + PIECE] = numbers
    values *= 2.0**-32
    return values


def _told(result):
    if type(result) is not ndarray:
        return [type(result).__name__, [], b""]
    return [str(result.dtype), list(result.shape), tobytes(result)]


def _some(result, pairs):
    """Of the result only these places, which it has to have."""
    if type(result) is not ndarray or result.ndim != 2:
        return [type(result).__name__, [], b""]
    inside = [[i, j] for i, j in pairs if i < result.shape[0] and j < result.shape[1]]
    return [str(result.dtype), list(result.shape), b"".join(tobytes(result[i, j : j + 1]) for i, j in inside)]
