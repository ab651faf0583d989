"""One segment, in which every worker makes its band of rows brighter where it lies."""

from __future__ import annotations

import math
from itertools import pairwise
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def brighten(image: np.ndarray, gain: float, workers: int) -> np.ndarray:
    """Return `np.clip(np.rint(image * float(gain)), 0, 255).astype(np.uint8)`, computed by worker processes."""
    _check(image, gain, workers)
    if image.size == 0:
        return image.copy()
    segment = SharedMemory(create=True, size=image.nbytes)
    try:
        _pixels(segment, image.shape)[:] = image
        _run(segment.name, image.shape, float(gain), min(workers, len(image)))
        return _pixels(segment, image.shape).copy()
    finally:
        segment.close()
        segment.unlink()


def _check(image: np.ndarray, gain: float, workers: int) -> None:
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    if not 0 <= gain < math.inf:
        raise ValueError(f"gain must be a finite number and not negative, not {gain}")
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
        raise TypeError("image must be an array of uint8")
    if not (image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)):
        raise ValueError(f"image must have the shape of a picture, not {image.shape}")


def _pixels(segment: SharedMemory, shape: tuple[int, ...]) -> np.ndarray:
    """The picture in the segment, which cannot be closed as long as somebody keeps this."""
    return np.ndarray(shape, np.uint8, buffer=segment.buf)


def _run(name: str, shape: tuple[int, ...], gain: float, workers: int) -> None:
    """Raises RuntimeError unless all workers come to a good end."""
    bounds = [shape[0] * k // workers for k in range(workers + 1)]
    started: list[Process] = []
    try:
        for band in pairwise(bounds):
            process = Process(target=_brighten_rows, args=(name, shape, slice(*band), gain))
            process.start()
            started.append(process)
    finally:
        for process in started:
            process.join()
    if any(process.exitcode != 0 for process in started):
        raise RuntimeError("a worker has not come to a good end")


def _brighten_rows(name: str, shape: tuple[int, ...], rows: slice, gain: float) -> None:
    segment = SharedMemory(name)
    pixels = _pixels(segment, shape)
    pixels[rows] = np.clip(np.rint(pixels[rows] * gain), 0, 255)
    del pixels
    segment.close()
