"""Runs the student's `transpose`, and the student's kernel once more, in the build that sees every access."""

import numpy as np

from grader.cuda.watching import In, Out, checked_device, watched

MOST_LAUNCHES = 50  # that are told; a right solution has one


def transposed(student, matrices):
    """What the function returns for each matrix, whether that is as it was, and the launches. Ends if one fails."""
    told = []
    for shape, elements in matrices:
        a = matrix(shape, elements)
        out, launches = watched(lambda a=a: student.transpose(a))
        kept = a.ravel().tolist() == elements
        told.append({"kind": kind(out), "elements": listed(out), "kept": kept, "launches": launches[:MOST_LAUNCHES]})
        if any(launch["failure"] for launch in launches):
            break
    return told


def launched_again(student, shape, elements, others):
    """The first two launches of the kernel by the function, and what the first one makes of other elements."""
    _, launches = watched(lambda: student.transpose(matrix(shape, elements)))
    launches = [launch for launch in launches if launch["kernel"] == "transpose"][:2]
    again = []
    for launch in launches[:1]:
        arguments = [Out(np.full(len(others), -1, np.float32), filled=True), In(matrix(shape, others))]
        how = tuple(launch["block"]), tuple(launch["grid"]), launch["shared_bytes"]
        again = checked_device().run(student.KERNEL, "transpose", [*arguments, *map(np.int32, shape)], *how).outputs
    return {"launches": launches, "again": [array.tolist() for array in again]}


def matrix(shape, elements):
    return np.float32(elements).reshape(shape)


def kind(array):
    if not isinstance(array, np.ndarray):
        return type(array).__name__
    return f"{array.dtype} array of shape {array.shape}{', row by row' * array.flags.c_contiguous}"


def listed(array):
    return array.ravel().tolist() if isinstance(array, np.ndarray) else []
