"""Runs the student's `histogram`, and beside it, where none of the student's Python is, the student's kernel alone."""

import numpy as np

from grader.cuda.watching import CopyIn, CopyOut, checked_device, plain, recorded, run_launches, source_of  # noqa: F401


def histograms(student, cases):
    """For several pairs of data and bins: the counts, of what type they are, and whether the data is as it was."""
    told = []
    for content, bins in cases:
        data = np.frombuffer(content, np.uint8).copy()
        counts = student.histogram(data, bins)
        told.append([kind(counts), list(map(int, counts)), data.tobytes() == content])
    return told


def kind(array):
    return f"{array.ndim}-dimensional {array.dtype} array" if isinstance(array, np.ndarray) else ""


def launches_of_histogram(student, content, bins):
    """The counts, and what `histogram` has launched."""
    counts, launches = recorded(lambda: student.histogram(np.frombuffer(content, np.uint8).copy(), bins))
    return {"counts": None if counts is None else list(map(int, counts)), "launches": launches}


def launch(student, source, content, before, shapes):
    """The kernel of a source, launched with each of these numbers of blocks and threads; `before` is in `counts`.

    For the stub.
    """
    device = checked_device()
    told = []
    for blocks, threads in shapes:
        counts, data = CopyOut(np.array(before, np.uint32), filled=True), CopyIn(np.frombuffer(content, np.uint8))
        sizes = np.int32(len(content)), np.int32(len(before))
        ran = device.run(source, "histogram", [counts, data, *sizes], (threads, 1, 1), (blocks, 1, 1))
        told.append({"counts": ran.outputs[0].tolist(), "launches": plain([ran.report])})
    return told
