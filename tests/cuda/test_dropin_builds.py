"""Which build runs is the environment's to say; the checked one reports each launch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .dropin import CHECKOUT, environment, run_program

PROGRAM = """
import numpy as np
import pycuda.autoinit, pycuda.driver as drv
from pycuda import _device
from pycuda.compiler import SourceModule
module = SourceModule('''
__global__ void copy(float *to, const float *from, int n) {
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i <= n - %d) to[i] = from[i];
}''')
values = np.ones(50, np.float32)
module.get_function("copy")(drv.Out(np.zeros_like(values)), drv.In(values), np.int32(50), block=(64, 1, 1))
print(len(_device.reports), [(f.buffer, f.offset, f.then.line) for r in _device.reports for f in r.findings])
"""
FILES = ["test_dropin_driver.py", "test_dropin_arrays.py"]


def test_the_checked_build_reports_launches_with_names_of_parameters(cache: Path) -> None:
    assert run_program(PROGRAM % 1, "checked", cache).stdout == "1 []\n"
    assert "('from', 200, 4)" in run_program(PROGRAM % 0, "checked", cache).stdout


def test_the_fast_build_reports_nothing(cache: Path) -> None:
    assert run_program(PROGRAM % 0, "fast", cache).stdout == "0 []\n"


def test_another_build_is_refused(cache: Path) -> None:
    assert "CK_CUDA_BUILD is 'slow'" in run_program(PROGRAM % 0, "slow", cache).stderr


def test_output_of_kernels_is_in_order(cache: Path) -> None:
    told = run_program(
        "import pycuda.autoinit\nfrom pycuda.compiler import SourceModule\nprint('before')\n"
        "k = SourceModule('__global__ void k() { printf(\"thread %d\\\\n\", threadIdx.x); }').get_function('k')\n"
        "k(block=(2, 1, 1))\nprint('behind')",
        "fast",
        cache,
    )
    assert told.stdout == "before\nthread 0\nthread 1\nbehind\n"


def test_without_initialisation_it_says_what_is_missing(cache: Path) -> None:
    told = run_program("import pycuda.driver\npycuda.driver.Device(0)", "fast", cache)
    assert "pycuda.driver.LogicError: cuDeviceGet failed: initialization error" in told.stderr


@pytest.mark.skipif(os.environ.get("CK_CUDA_BUILD") == "checked", reason="it is this run that is meant")
def test_all_of_it_holds_in_the_checked_build(cache: Path) -> None:
    files = [str(Path(__file__).with_name(name)) for name in FILES]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files]
    done = subprocess.run(command, capture_output=True, text=True, env=environment("checked", cache), cwd=CHECKOUT)
    assert done.returncode == 0, done.stdout[-3000:]
