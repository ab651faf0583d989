"""A picture made brighter by several processes that share its memory."""

import numpy as np


def brighten(image: np.ndarray, gain: float, workers: int) -> np.ndarray:
    """Return `np.clip(np.rint(image * float(gain)), 0, 255).astype(np.uint8)`, computed by worker processes.

    The rows are dealt out to `min(workers, height)` processes, which find them in shared memory. When the call ends,
    no process and no segment of shared memory is left.

    Raises:
        ValueError: if `workers` is less than 1, `gain` negative or not finite, or `image` of no shape of a picture.
        TypeError: if `image` is not an array of uint8.
        RuntimeError: if a worker is killed or ends with a status other than 0.
    """
    raise NotImplementedError
