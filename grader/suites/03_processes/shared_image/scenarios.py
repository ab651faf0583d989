"""Drives `brighten` inside the sandbox.

Workers that are forked ask the judge at their birth. His answer may be to paint the picture in shared memory: a colour
is replaced by another one, wherever it fills at least a row. What is used here is bound before the student's file is
loaded, so that it stays the original.
"""

import _posixshmem  # type: ignore[import-not-found]
import os
import re
from builtins import bytes, len, list, range, str, type
from collections.abc import Callable
from errno import EAGAIN
from functools import cache
from importlib.machinery import PathFinder
from io import FileIO
from multiprocessing import RawValue, forkserver, resource_tracker, set_start_method
from os import O_CREAT, _exit, fork, getpid, kill, register_at_fork, scandir
from sys import path
from zlib import crc32

import numpy as np

from grader.player.callbacks import DirectCallback
from grader.player.looks import between_looks, tidily

SEGMENTS = "/dev/shm"

open_segment = _posixshmem.shm_open
ensure_tracker, ensure_forkserver = resource_tracker.ensure_running, forkserver.ensure_running
find_spec = PathFinder.find_spec
born, look, created = DirectCallback("born"), DirectCallback("look"), DirectCallback("created")
array, asfortranarray, frombuffer, ndarray, tile, zeros = (
    np.array,
    np.asfortranarray,
    np.frombuffer,
    np.ndarray,
    np.tile,
    np.zeros,
)


def _spread(content):
    wide = zeros((2 * content.shape[0], *content.shape[1:]), "uint8")
    view = wide[::2, ::-1]
    view[:] = content
    return view


LAYOUTS: dict[str, Callable] = {
    "plain": array,
    "read-only": lambda content: content,
    "Fortran's order": asfortranarray,
    "a view of every other row, from right to left": _spread,
    "turned by a transposition": lambda content: array(content.swapaxes(0, 1)).swapaxes(0, 1),
}


def found_afresh(student):
    """Whether an interpreter that is started here finds NumPy. Run it on the stub."""
    return find_spec("numpy", path) is not None


def brightened(student, pixels, shape, gain, workers, layout="plain", method="fork"):
    _start_by(method)
    image = LAYOUTS[layout](frombuffer(pixels, "uint8").reshape(shape))
    result = tidily(lambda: student.brighten(image, gain, workers))
    return [_told(result), _bytes_of(image) == pixels, result is not image]


def brightened_between_looks(student, pixels, shape, gain, workers, method="fork", times=1):
    """The picture is `times` as high; of the result only a checksum is told, and it is there at the second look."""
    _start_by(method)
    _have_helpers(method)
    image = tile(frombuffer(pixels, "uint8").reshape(shape), (times, *(1 for _ in shape[1:])))
    result = between_looks(look, lambda: student.brighten(image, gain, workers))
    told = _told(result)
    return [*told[:2], crc32(told[2])]


def brightened_with_forks(student, pixels, shape, gain, workers, forks):
    """Only so many processes can be started."""
    _start_by("fork")
    _have_helpers("fork")
    image = frombuffer(pixels, "uint8").reshape(shape)
    left = list(range(forks))

    def limited_fork():
        if not left:
            raise BlockingIOError(EAGAIN, "no more processes")
        left.pop()
        return fork()

    os.fork = limited_fork
    try:
        return _told(between_looks(look, lambda: student.brighten(image, gain, workers)))
    finally:
        os.fork = fork


def refused(student, image, gain, workers):
    _start_by("fork")
    images = {
        "picture": zeros((4, 3), "uint8"),
        "list": [[1, 2], [3, 4]],
        "floats": zeros((4, 3), "float64"),
        "int8": zeros((4, 3), "int8"),
        "row": zeros(4, "uint8"),
        "four channels": zeros((4, 3, 4), "uint8"),
        "one channel": zeros((4, 3, 1), "uint8"),
        "two channels": zeros((4, 3, 2), "uint8"),
        "film": zeros((2, 4, 3, 3), "uint8"),
        "film of nothing": zeros((0, 4, 3, 3), "uint8"),
        "empty": zeros((0, 3), "uint8"),
    }
    _posixshmem.shm_open = _open_and_tell
    try:
        return _told(student.brighten(images[image], gain, workers))
    finally:
        _posixshmem.shm_open = open_segment


def _open_and_tell(name, flags, *args, **kwargs):
    if flags & O_CREAT:
        created()
    return open_segment(name, flags, *args, **kwargs)


def _start_by(method):
    set_start_method(method, force=True)
    _ask_at_births()


def _have_helpers(method):
    """Multiprocessing's own are there from the beginning: no student has left them behind."""
    RawValue("i")  # the memory that such things lie in
    ensure_tracker()
    if method == "forkserver":
        ensure_forkserver()


def _told(result):
    if type(result) is not ndarray:
        return [type(result).__name__, [], b""]
    return [str(result.dtype), list(result.shape), _bytes_of(result)]


def _bytes_of(image):
    return ndarray.tobytes(image)


# ------------------------------------------------------------------ at a worker's birth


@cache
def _ask_at_births():
    """Once for all runs of this process."""
    register_at_fork(after_in_child=_ask)


def _ask():
    said = born()
    if type(said) is not list:
        return
    deed, *how = said
    if deed == "paint":
        _paint(*how)
    elif deed == "exit":
        _exit(*how)
    else:
        kill(getpid(), *how)


def _paint(colour, other, row):
    """Rows of the colour, `row` bytes long, in all shared memory."""
    rows = re.compile(b"\\x%02x{%d,}" % (colour, row))
    for entry in scandir(SEGMENTS):
        with FileIO(entry.path, "r+") as segment:
            content = segment.read()
            for found in rows.finditer(content):
                segment.seek(found.start())
                segment.write(bytes([other]) * len(found[0]))
