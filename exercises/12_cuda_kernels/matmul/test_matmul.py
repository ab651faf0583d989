"""Public tests: run `pytest` in this folder."""

import numpy as np
import pytest
from matmul import matmul


def matrix(rows, columns):
    return np.float32(np.arange(rows * columns) % 11 - 5).reshape(rows, columns)


def test_two_by_two():
    assert matmul(np.float32([[1, 2], [3, 4]]), np.float32([[5, 6], [7, 8]])).tolist() == [[19, 22], [43, 50]]


@pytest.mark.parametrize(
    ("m", "k", "n"), [(1, 1, 1), (16, 16, 16), (64, 32, 48), (1, 100, 1), (40, 1, 70), (33, 50, 17), (70, 65, 129)]
)
def test_any_shape(m, k, n):
    a, b = matrix(m, k), matrix(k, n)
    c = matmul(a, b)
    assert c.dtype == np.float32
    assert np.allclose(c, a @ b, rtol=0, atol=1e-4 * k * 25)
    assert a.tolist() == matrix(m, k).tolist()
    assert b.tolist() == matrix(k, n).tolist()


@pytest.mark.parametrize(("m", "k", "n"), [(0, 3, 4), (3, 4, 0), (2, 0, 3)])
def test_nothing_to_multiply(m, k, n):
    assert matmul(matrix(m, k), matrix(k, n)).tolist() == np.zeros((m, n)).tolist()
