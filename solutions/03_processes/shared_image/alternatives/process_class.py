"""A kind of process of its own, and one segment with room for the picture before and after."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


@contextmanager
def shared(size: int) -> Iterator[SharedMemory]:
    memory = SharedMemory(create=True, size=size)
    try:
        yield memory
    finally:
        memory.unlink()
        memory.close()


class Brightener(Process):
    def __init__(self, name: str, shape: tuple[int, ...], first: int, stop: int, gain: float) -> None:
        super().__init__(daemon=True)
        self._segment, self._shape, self._rows, self._gain = name, shape, slice(first, stop), gain

    def run(self) -> None:
        memory = SharedMemory(self._segment)
        before, after = np.ndarray((2, *self._shape), np.uint8, memory.buf)
        np.clip(np.rint(self._gain * before[self._rows]), 0, 255, out=after[self._rows], casting="unsafe")


def brighten(image: np.ndarray, gain: float, workers: int) -> np.ndarray:
    """Return `np.clip(np.rint(image * float(gain)), 0, 255).astype(np.uint8)`, computed by worker processes."""
    if not isinstance(image, np.ndarray) or image.dtype != np.dtype("uint8"):
        raise TypeError(type(image).__name__)
    picture = image.ndim == 2 or (image.ndim == 3 and image.shape[-1] == 3)
    if not picture or workers <= 0 or not math.isfinite(gain) or gain < 0:
        raise ValueError((image.shape, workers, gain))
    if 0 in image.shape:
        return np.array(image)
    with shared(2 * image.nbytes) as memory:
        memory.buf[: image.nbytes] = image.tobytes()
        rows, more = divmod(len(image), workers)
        sizes = [rows + 1] * more + [rows] * (workers - more)
        run([size for size in sizes if size], memory.name, image.shape, float(gain))
        return np.frombuffer(bytearray(memory.buf[image.nbytes : 2 * image.nbytes]), np.uint8).reshape(image.shape)


def run(sizes: list[int], name: str, shape: tuple[int, ...], gain: float) -> None:
    begun: list[Brightener] = []
    first = 0
    try:
        for size in sizes:
            worker = Brightener(name, shape, first, first + size, gain)
            worker.start()
            begun.append(worker)
            first += size
    except BaseException:
        for worker in begun:
            worker.terminate()
        raise
    finally:
        for worker in begun:
            worker.join()
    if not all(worker.exitcode == 0 for worker in begun):
        raise RuntimeError([worker.exitcode for worker in begun])
