"""Every worker has a band of the picture in a segment of its own, and one table tells what becomes of each value."""

from __future__ import annotations

import math
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


class Band:
    """Some rows in shared memory, and the worker that makes them brighter. Use as a context manager."""

    def __init__(self, rows: np.ndarray) -> None:
        self._shape, self._length = rows.shape, rows.size
        self._memory = SharedMemory(create=True, size=rows.size)
        self._memory.buf[: rows.size] = rows.tobytes()
        self._process: Process | None = None

    def start(self, table: bytes) -> None:
        process = Process(target=translate, args=(self._memory, self._length, table))
        process.start()
        self._process = process

    def result(self) -> np.ndarray:
        assert self._process is not None
        self._process.join()
        if self._process.exitcode != 0:
            raise RuntimeError("a worker failed")
        return np.frombuffer(bytes(self._memory.buf[: self._length]), np.uint8).reshape(self._shape)

    def end(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.join()
        self._memory.close()
        self._memory.unlink()


def translate(memory: SharedMemory, length: int, table: bytes) -> None:
    memory.buf[:length] = bytes(memory.buf[:length]).translate(table)


def brighten(image: np.ndarray, gain: float, workers: int) -> np.ndarray:
    """Return `np.clip(np.rint(image * float(gain)), 0, 255).astype(np.uint8)`, computed by worker processes."""
    if workers < 1:
        raise ValueError("no workers")
    if not isinstance(image, np.ndarray):
        raise TypeError("no array")
    if image.dtype != np.uint8:
        raise TypeError("no bytes")
    if image.ndim < 2 or image.shape[2:] not in ((), (3,)):
        raise ValueError("no picture")
    if not math.isfinite(gain) or gain < 0:
        raise ValueError("no gain")
    if image.size == 0:
        return np.zeros_like(image)
    table = np.clip(np.rint(np.arange(256) * float(gain)), 0, 255).astype(np.uint8).tobytes()
    bands: list[Band] = []
    try:
        for rows in np.array_split(image, min(workers, len(image))):
            bands.append(Band(rows))
        for band in bands:
            band.start(table)
        return np.concatenate([band.result() for band in bands])
    finally:
        for band in bands:
            band.end()
