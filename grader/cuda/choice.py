"""Which PyCUDA a program gets: the real one where a GPU can be used, else ours. Decided here and nowhere else."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from functools import cache
from pathlib import Path

GPU, CPU = "a GPU", "the CPU engine"
GRADING = CPU  # also where there is a GPU: every access can be seen there only
DROPIN = Path(__file__).parent / "dropin"


@cache
def device() -> str:
    """GPU if real PyCUDA is installed and the driver finds a device, else CPU."""
    spec = importlib.util.find_spec("pycuda")
    installed = spec is not None and spec.origin is not None and DROPIN not in Path(spec.origin).parents
    return GPU if installed and _count_gpus() > 0 else CPU


def _count_gpus() -> int:
    try:
        driver = ctypes.CDLL("libcuda.so.1")
        count = ctypes.c_int()
        return count.value if driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0 else 0
    except (OSError, AttributeError):
        return 0


def make_importable() -> None:
    """From now on `import pycuda` finds the one that `device` names."""
    if device() == CPU and str(DROPIN) not in sys.path:
        sys.path.insert(0, str(DROPIN))


def use_build_in_sandbox(build: str) -> None:
    """Which build of kernels our PyCUDA runs, if it is imported after this; what it compiles is the player's own."""
    os.environ["CK_CUDA_BUILD"] = build
    os.environ["CK_CUDA_CACHE"] = f"{os.environ['TMPDIR']}/kernels"
