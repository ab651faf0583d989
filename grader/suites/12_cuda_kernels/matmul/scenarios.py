"""Runs the student's `matmul`."""

from functools import partial

import numpy as np

from grader.cuda.watching import recorded, run_launches, watched  # noqa: F401


def products(student, pairs):
    """The product of each pair, whether the pair is as it was, and the launches. Ends if nothing came."""
    told = []
    for pair in pairs:
        a, b = map(matrix, pair)
        c, launches = watched(partial(student.matmul, a, b))
        kept = [a.ravel().tolist(), b.ravel().tolist()] == [elements for _, elements in pair]
        told.append({"kind": kind(c), "elements": listed(c), "kept": kept, "launches": launches})
        if c is None:
            break
    return told


def records(student, pairs):
    """The product of each pair, and records of the launches. Ends if nothing came."""
    told = []
    for pair in pairs:
        a, b = map(matrix, pair)
        c, launches = recorded(partial(student.matmul, a, b))
        told.append({"elements": listed(c), "launches": launches})
        if c is None:
            break
    return told


def matrix(told):
    shape, elements = told
    return np.float32(elements).reshape(shape)


def kind(array):
    return f"{array.dtype} array of shape {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__


def listed(array):
    return array.ravel().tolist() if isinstance(array, np.ndarray) else []
