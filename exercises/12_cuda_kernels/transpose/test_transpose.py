"""Public tests: run `pytest` in this folder."""

import numpy as np
import pytest
from transpose import transpose


def matrix(rows, columns):
    return np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)


def test_two_rows():
    assert transpose(np.float32([[1, 2, 3], [4, 5, 6]])).tolist() == [[1, 4], [2, 5], [3, 6]]


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (32, 32), (64, 32), (1, 100), (100, 1), (33, 70), (129, 31)])
def test_any_shape(rows, columns):
    a = matrix(rows, columns)
    transposed = transpose(a)
    assert transposed.dtype == np.float32
    assert transposed.shape == (columns, rows)
    assert transposed.flags.c_contiguous
    assert transposed.tolist() == a.T.tolist()
    assert a.tolist() == matrix(rows, columns).tolist()


@pytest.mark.parametrize(("rows", "columns"), [(0, 3), (3, 0)])
def test_nothing_to_transpose(rows, columns):
    assert transpose(matrix(rows, columns)).shape == (columns, rows)
