"""Drives `brighten` inside the sandbox.

Workers ask the judge at their birth. What is used here is bound before the student's file is loaded, so that it stays
the original.
"""

import _posixshmem  # type: ignore[import-not-found]
from builtins import list, range, str, type
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.machinery import PathFinder
from multiprocessing import (
    RawValue,
    forkserver,
    popen_fork,
    popen_forkserver,
    popen_spawn_posix,
    resource_tracker,
    set_start_method,
)
from os import O_CREAT, getpid
from sys import path
from zlib import crc32

import numpy as np

from grader.player.births import ask_at_births, tell_found
from grader.player.callbacks import DirectCallback
from grader.player.looks import between_looks, tidily

LAUNCHERS = (popen_fork.Popen, popen_spawn_posix.Popen, popen_forkserver.Popen)

ensure_tracker, ensure_forkserver = resource_tracker.ensure_running, forkserver.ensure_running
find_spec = PathFinder.find_spec
created, look, refused_one = DirectCallback("created"), DirectCallback("look"), DirectCallback("refused")
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


def painted(student, row, **how):
    """What fills a row of shared memory is told at first, where it is left from before, and before a segment goes."""
    tell_found(row)
    with _replaced(_posixshmem, "shm_unlink", lambda unlink: _after(partial(tell_found, row), unlink)):
        return brightened(student, **how)


def brightened_between_looks(student, pixels, shape, gain, workers, layout="plain", method="fork", times=(1, 1)):
    """The picture stands there so many times, downwards and across. Only a checksum of the result is told."""
    _start_by(method)
    _have_helpers(method)
    image = LAYOUTS[layout](tile(frombuffer(pixels, "uint8").reshape(shape), (*times, *(1 for _ in shape[2:]))))
    result = between_looks(look, lambda: student.brighten(image, gain, workers))
    told = _told(result)
    return [*told[:2], crc32(told[2])]


def brightened_with_so_many(student, granted, number, **how):
    """The system grants so many segments and processes, all together, and refuses others with this error number."""
    left, caller = list(range(granted)), getpid()

    def ask_for_one():
        if getpid() != caller:
            return
        if not left:
            refused_one()
            raise OSError(number, "refused by the system")
        left.pop()

    with ExitStack() as limits:
        limits.enter_context(_replaced(_posixshmem, "shm_open", _before_creation(ask_for_one)))
        for launcher in LAUNCHERS:
            limits.enter_context(_replaced(launcher, "_launch", lambda launch: _after(ask_for_one, launch)))
        return brightened_between_looks(student, **how)


def _after(act, function):
    """`function`, before which something else is done."""

    def both(*args):
        act()
        return function(*args)

    return both


def _before_creation(act):
    """Of a segment; those that are there are opened as they are."""

    def by(open_segment):
        def opened(name, flags, *args, **kwargs):
            if flags & O_CREAT:
                act()
            return open_segment(name, flags, *args, **kwargs)

        return opened

    return by


@contextmanager
def _replaced(owner, name, by):
    """As long as the block lasts, by what is made of it."""
    original = getattr(owner, name)
    setattr(owner, name, by(original))
    try:
        yield
    finally:
        setattr(owner, name, original)


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
    with _replaced(_posixshmem, "shm_open", _before_creation(created)):
        return _told(student.brighten(images[image], gain, workers))


def _start_by(method):
    set_start_method(method, force=True)
    ask_at_births()


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
