"""One segment to read from and one to write to; an ExitStack tidies up whatever has been made."""

from __future__ import annotations

import math
from contextlib import ExitStack
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def brighten(image: np.ndarray, gain: float, workers: int) -> np.ndarray:
    """Return `np.clip(np.rint(image * float(gain)), 0, 255).astype(np.uint8)`, computed by worker processes."""
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
        raise TypeError("an array of uint8 is needed")
    if image.ndim not in (2, 3) or image.shape[2:] not in ((), (3,)):
        raise ValueError(f"{image.shape} is no shape of a picture")
    if math.isnan(gain) or math.isinf(gain) or gain < 0:
        raise ValueError(f"a gain of {gain} makes no sense")
    if workers < 1:
        raise ValueError(f"{workers} workers")
    result = np.empty(image.shape, np.uint8)
    if not image.size:
        return result
    with ExitStack() as at_the_end:
        source, target = (new_segment(image.nbytes, at_the_end) for _ in range(2))
        np.ndarray(image.shape, np.uint8, source.buf)[...] = image
        processes = []
        for first in range(min(workers, image.shape[0])):
            rows = slice(first, None, workers)
            process = Process(target=work, args=(source.name, target.name, image.shape, rows, gain))
            process.start()
            at_the_end.callback(process.join)
            at_the_end.callback(process.kill)
            processes.append(process)
        for process in processes:
            process.join()
            if process.exitcode:
                raise RuntimeError(f"exit code {process.exitcode}")
        result[...] = np.ndarray(image.shape, np.uint8, target.buf)
    return result


def new_segment(size: int, at_the_end: ExitStack) -> SharedMemory:
    segment = SharedMemory(create=True, size=size)
    at_the_end.callback(segment.unlink)
    at_the_end.callback(segment.close)
    return segment


def work(source: str, target: str, shape: tuple[int, ...], rows: slice, gain: float) -> None:
    reading, writing = SharedMemory(source), SharedMemory(target)
    before = np.ndarray(shape, np.uint8, reading.buf)
    after = np.ndarray(shape, np.uint8, writing.buf)
    after[rows] = np.minimum(np.rint(before[rows] * np.float64(gain)), 255)
    del before, after
    for segment in (reading, writing):
        segment.close()
