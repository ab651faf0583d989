import math
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def brighten_rows(name, shape, start, stop, gain):
    shm = SharedMemory(name=name)
    pixels = np.ndarray(shape, dtype=np.uint8, buffer=shm.buf)
    pixels[start:stop] = np.clip(np.rint(pixels[start:stop] * gain), 0, 255)


def brighten(image, gain, workers):
    if type(image) is not np.ndarray or image.dtype != np.uint8:
        raise TypeError("image must be a uint8 array")
    if image.ndim != 2 and not (image.ndim == 3 and image.shape[2] == 3):
        raise ValueError("image must be (h, w) or (h, w, 3)")
    if workers < 1:
        raise ValueError("workers must be positive")
    if math.isnan(gain) or gain < 0 or gain == math.inf:
        raise ValueError("gain must be finite and not negative")
    if image.size == 0:
        return image.copy()

    shm = SharedMemory(create=True, size=image.nbytes)
    shared = np.ndarray(image.shape, dtype=np.uint8, buffer=shm.buf)
    shared[:] = image
    height = image.shape[0]
    workers = min(workers, height)
    processes = []
    for i in range(workers):
        rows = (i * height // workers, (i + 1) * height // workers)
        p = Process(target=brighten_rows, args=(shm.name, image.shape, *rows, float(gain)))
        p.start()
        processes.append(p)
    for p in processes:
        p.join()
        if p.exitcode != 0:
            raise RuntimeError("worker failed")
    result = shared.copy()
    del shared
    shm.close()
    shm.unlink()
    return result
