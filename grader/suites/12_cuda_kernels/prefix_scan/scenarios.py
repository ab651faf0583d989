"""Runs the student's `exclusive_scan` in the build that sees every access."""

from functools import partial

import numpy as np

from grader.cuda.watching import recorded, run_launches  # noqa: F401


def sums(student, arrays):
    """For several lists: the sums, of what type they are, and whether the array is as it was."""
    told = []
    for numbers in arrays:
        a = np.int32(numbers)
        out = student.exclusive_scan(a)
        told.append([kind(out), list(map(int, out)), a.tolist() == numbers])
    return told


def kind(array):
    return f"{array.ndim}-dimensional {array.dtype} array" if isinstance(array, np.ndarray) else ""


def long_sums(student, piece, length, step):
    """Of an array that repeats a piece: how many sums there are, and every `step`th of them."""
    out = student.exclusive_scan(np.resize(np.int32(piece), length))
    return [len(out), list(map(int, out[::step]))]


def launches_of_scan(student, arrays):
    """For several lists: the sums, and what `exclusive_scan` has launched. Ends if a launch fails."""
    told = []
    for numbers in arrays:
        a = np.int32(numbers)
        out, launches = recorded(partial(student.exclusive_scan, a))
        told.append({"sums": None if out is None else list(map(int, out)), "launches": launches})
        if out is None:
            break
    return {"calls": told, "source": student.KERNEL}
