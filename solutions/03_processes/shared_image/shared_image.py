"""One segment, in which every worker makes its band of rows brighter where it lies."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def brighten(image: np.ndarray, gain: float, workers: int) -> np.ndarray:
    """Return `np.clip(np.rint(image * float(gain)), 0, 255).astype(np.uint8)`, computed by worker processes."""
    _check(image, gain, workers)
    if image.size == 0:
        return image.copy()
    height, workers = len(image), min(workers, len(image))
    bounds = [height * k // workers for k in range(workers + 1)]
    with _segment(image.nbytes) as segment:
        pixels: np.ndarray = np.ndarray(image.shape, np.uint8, segment.buf)
        pixels[:] = image
        _run([(segment.name, image.shape, slice(*band), gain) for band in pairwise(bounds)])
        result = pixels.copy()
        del pixels  # the segment cannot be closed before
        return result


def _check(image: np.ndarray, gain: float, workers: int) -> None:
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    if not (gain >= 0 and math.isfinite(gain)):
        raise ValueError(f"gain must be a finite number that is not negative, not {gain}")
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
        raise TypeError("image must be an array of uint8")
    if not (image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)):
        raise ValueError(f"image must have the shape of a picture, not {image.shape}")


@contextmanager
def _segment(size: int) -> Iterator[SharedMemory]:
    """A new segment, unlinked at the end. What is still there of arrays in it then goes with their frames."""
    segment = SharedMemory(create=True, size=size)
    try:
        yield segment
    finally:
        segment.unlink()
    segment.close()


def _run(tasks: list[tuple]) -> None:
    """A process for each; raises RuntimeError unless all end well."""
    processes: list[Process] = []
    try:
        for task in tasks:
            processes.append(Process(target=_brighten_rows, args=task))
            processes[-1].start()
    finally:
        for process in processes:
            if process.pid is not None:
                process.join()
    if any(process.exitcode != 0 for process in processes):
        raise RuntimeError("a worker has not come to a good end")


def _brighten_rows(name: str, shape: tuple[int, ...], rows: slice, gain: float) -> None:
    segment = SharedMemory(name)
    pixels: np.ndarray = np.ndarray(shape, np.uint8, segment.buf)
    pixels[rows] = np.clip(np.rint(pixels[rows] * float(gain)), 0, 255)
    del pixels
    segment.close()
