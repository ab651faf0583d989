"""Public tests: run `pytest` in this folder."""

import numpy as np
import pytest
from stencil import stencil


def numbers(rows, columns):
    return (np.arange(rows * columns) * 7919 % 251 - 100).astype(np.float32).reshape(rows, columns)


def expected(a):
    wide = np.pad(a, 1)
    return a / 2 + (wide[:-2, 1:-1] + wide[2:, 1:-1] + wide[1:-1, :-2] + wide[1:-1, 2:]) / 8


def test_six_elements():
    assert stencil(np.float32([[8, 0, 0], [0, 0, 16]])).tolist() == [[4, 1, 2], [1, 2, 8]]


@pytest.mark.parametrize("shape", [(1, 1), (16, 16), (1, 100), (100, 1), (33, 70), (128, 96)])
def test_any_shape(shape):
    a = numbers(*shape)
    out = stencil(a)
    assert out.dtype == np.float32
    assert out.tolist() == expected(a).tolist()
    assert a.tolist() == numbers(*shape).tolist()


def test_nothing_to_compute():
    assert stencil(numbers(0, 5)).shape == (0, 5)
