"""Public tests: run `pytest` in this folder."""

import numpy as np
import pycuda.driver as drv
import pytest
from histogram import KERNEL, histogram
from pycuda.compiler import SourceModule


def values(length, below=256):
    return (np.arange(length) * 7919 % 251 % below).astype(np.uint8)


def test_four_bytes():
    assert histogram(np.uint8([2, 0, 2, 7]), 4).tolist() == [1, 0, 2, 0]


@pytest.mark.parametrize("length", [1, 32, 255, 1002, 5000])
@pytest.mark.parametrize("bins", [1, 10, 256])
def test_any_length(length, bins):
    counts = histogram(values(length), bins)
    assert counts.dtype == np.uint32
    assert counts.tolist() == np.bincount(values(length), minlength=256)[:bins].tolist()


def test_nothing_to_count():
    assert histogram(np.zeros(0, np.uint8), 3).tolist() == [0, 0, 0]


@pytest.mark.parametrize(("blocks", "threads"), [(1, 32), (4, 128), (40, 96)])
def test_the_kernel_with_any_grid_and_block(blocks, threads):
    data, counts = values(1000), np.full(256, 5, np.uint32)
    kernel = SourceModule(KERNEL).get_function("histogram")
    sizes = np.int32(1000), np.int32(256)
    kernel(drv.InOut(counts), drv.In(data), *sizes, grid=(blocks, 1), block=(threads, 1, 1))
    assert counts.tolist() == (5 + np.bincount(data, minlength=256)).tolist()
