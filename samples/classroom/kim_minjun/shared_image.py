import math
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def work(name, shape, lo, hi, gain):
    shm = SharedMemory(name)
    try:
        px = np.ndarray(shape, np.uint8, shm.buf)
        px[lo:hi] = np.clip(np.rint(px[lo:hi] * float(gain)), 0, 255)
        del px
    finally:
        shm.close()


def brighten(image, gain, workers):
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
        raise TypeError("uint8 array, please")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3):
        raise ValueError("not a picture")
    if workers < 1 or not math.isfinite(gain) or gain < 0:
        raise ValueError("workers or gain")
    if image.size == 0:
        return image.copy()

    h = image.shape[0]
    w = min(workers, h)
    shm = SharedMemory(create=True, size=image.nbytes)
    procs = []
    try:
        shm.buf[: image.nbytes] = image.tobytes()  # always row by row, whatever the layout
        for k in range(w):
            p = Process(target=work, args=(shm.name, image.shape, h * k // w, h * (k + 1) // w, gain))
            p.start()
            procs.append(p)
        for p in procs:
            p.join()
        if any(p.exitcode for p in procs):
            raise RuntimeError("a worker died")
        return np.array(np.ndarray(image.shape, np.uint8, shm.buf))
    finally:
        for p in procs:
            p.join()
        shm.close()
        shm.unlink()
