"""Drives `moving_mean` and `moving_max` inside the sandbox.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import enumerate, getattr, len, list, str, sum, type, zip
from collections import deque
from collections.abc import Callable

import numpy as np

from grader.player.callbacks import DirectCallback
from grader.player.operations import counted

mark = DirectCallback("mark")
arange, array, frombuffer, ndarray, may_share_memory, repeat, uint64, zeros = (
    np.arange,
    np.array,
    np.frombuffer,
    np.ndarray,
    np.may_share_memory,
    np.repeat,
    np.uint64,
    np.zeros,
)
astype, copied, tobytes = ndarray.astype, ndarray.copy, ndarray.tobytes


def _every_third(content):
    wide = repeat(content, 3)
    return wide[1::3]


LAYOUTS: dict[str, Callable] = {
    "plain": copied,
    "read-only": lambda content: frombuffer(tobytes(content), content.dtype),
    "a view of every third value": _every_third,
    "a view from right to left": lambda content: copied(content[::-1])[::-1],
    "of the other byte order": lambda content: astype(content, content.dtype.newbyteorder()),
}


def computed(student, what, content, window, kind="float64", layout="plain"):
    """The result as plain data, whether it has memory of its own, and whether the values are as they were."""
    values = LAYOUTS[layout](astype(frombuffer(content), kind))
    before = tobytes(values)
    result = getattr(student, what)(values, window)
    alone = type(result) is ndarray and not may_share_memory(result, values)
    return [*_told(result), alone, tobytes(values) == before]


def refused(student, what, shape, window):
    return _told(getattr(student, what)(zeros(shape), window))


def of_many(student, what, n, window, key, levels, starts):
    """Of so many values only some windows are told, by where they start."""
    return _some(getattr(student, what)(made(n, key, levels), window), starts)


def steps(student, what, n, window, key, levels, starts):
    values = made(n, key, levels)
    result, number = counted(lambda: getattr(student, what)(values, window))
    return [number, *_some(result, starts)]


def costs(student, what, n, windows, keys, starts):
    """Each window in turn, over values of its own."""
    told = []
    for window, key in zip(windows, keys, strict=True):
        values = made(n, key)
        mark("")
        result = getattr(student, what)(values, window)
        mark(str(window))
        told.append(_some(result, starts))
    return told


def cost_of_loop(stub, what, n, window, key):
    """A plain loop that takes one step for each value. Run it on the stub."""
    values = made(n, key)
    mark("")
    LOOPS[what](values, window)
    mark("loop")


def mean_in_a_loop(values, window):
    numbers = values.tolist()
    total = sum(numbers[:window])
    means = [total / window]
    for new, old in zip(numbers[window:], numbers, strict=False):
        total += new - old
        means.append(total / window)
    return array(means)


def max_in_a_loop(values, window):
    """Candidates are those after which nothing larger has come."""
    candidates, largest = deque(), []
    for i, value in enumerate(values.tolist()):
        while candidates and candidates[-1][0] <= value:
            candidates.pop()
        candidates.append((value, i))
        if candidates[0][1] == i - window:
            candidates.popleft()
        if i >= window - 1:
            largest.append(candidates[0][0])
    return array(largest)


LOOPS = {"moving_mean": mean_in_a_loop, "moving_max": max_in_a_loop}


def made(n, key, levels=(1.0, 1.0)):
    """Values by the formula that the suite has, too: of one size at first, of another one in the second half."""
    numbers = arange(n, dtype=uint64)
    numbers *= uint64(2_654_435_761)
    numbers += uint64(key)
    numbers &= uint64(0xFFFFFFFF)
    values = astype(numbers, "float64")
    del numbers
    values *= 2.0**-32
    values += 0.5
    values[: n // 2] *= levels[0]
    values[n // 2 :] *= levels[1]
    return values


def _told(result):
    if type(result) is not ndarray:
        return [type(result).__name__, [], b""]
    return [str(result.dtype), list(result.shape), tobytes(result)]


def _some(result, starts):
    kind, shape, _ = _told(result[:0]) if type(result) is ndarray and result.ndim == 1 else _told(result)
    if kind != "float64" or len(shape) != 1:
        return [kind, shape, b""]
    return [kind, [len(result)], tobytes(result[[start for start in starts if start < len(result)]])]
