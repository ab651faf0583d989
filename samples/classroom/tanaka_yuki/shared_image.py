from multiprocessing import Pool

import numpy as np


def rows_times_gain(args):
    rows, gain = args
    return np.clip(np.rint(rows * float(gain)), 0, 255).astype(np.uint8)


def brighten(image, gain, workers):
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
        raise TypeError("uint8 only")
    if workers < 1 or not 0 <= gain < float("inf"):
        raise ValueError("bad arguments")
    if image.ndim not in (2, 3) or image.shape[2:] not in ((), (3,)):
        raise ValueError("bad shape")
    if image.size == 0:
        return image.copy()
    parts = np.array_split(image, min(workers, len(image)))
    with Pool(len(parts)) as pool:
        return np.concatenate(pool.map(rows_times_gain, [(p, gain) for p in parts]))
