"""Public tests: run `pytest` in this folder."""

import math

import numpy as np
import pytest
from pairwise_distance import pairwise_distance


def one_by_one(left, right):
    return [[math.dist(p, q) for q in right.astype(float).tolist()] for p in left.astype(float).tolist()]


def expect_right(left, right, **how):
    result = pairwise_distance(left, right, **how)
    assert isinstance(result, np.ndarray) and result.dtype == np.float64
    assert result.shape == (len(left), len(right))
    np.testing.assert_allclose(result, np.reshape(one_by_one(left, right), result.shape), rtol=1e-12, atol=0)


def drawn(*shape):
    return np.random.default_rng(shape).normal(size=shape)


@pytest.mark.parametrize(
    "shape", [(1, 1, 1), (3, 5, 2), (5, 3, 2), (40, 50, 3), (2, 300, 7), (300, 2, 7), (30, 30, 99)]
)
def test_all_distances(shape):
    n, m, d = shape
    expect_right(drawn(n, d), drawn(m, d))


def test_small_blocks():
    expect_right(drawn(70, 60), drawn(90, 60), scratch=1 << 20)


@pytest.mark.parametrize("shape", [(0, 3, 2), (3, 0, 2), (0, 0, 2), (3, 4, 0)])
def test_nothing(shape):
    n, m, d = shape
    assert np.array_equal(pairwise_distance(np.ones((n, d)), np.ones((m, d))), np.zeros((n, m)))


def test_points_that_nearly_meet():
    points = 1e6 + 1e-3 * drawn(30, 3)
    expect_right(points, points)


@pytest.mark.parametrize("kind", ["float32", "int64", "uint8", ">f8"])
def test_types(kind):
    expect_right((np.arange(12).reshape(4, 3) * 9).astype(kind), np.arange(30).reshape(10, 3)[::-2].astype(kind))


def test_points_stay_as_they_are():
    left, right = np.asfortranarray(drawn(9, 4)), drawn(8, 8)[::-1, ::2]
    before = left.copy(), right.copy()
    expect_right(left, right)
    assert np.array_equal(left, before[0]) and np.array_equal(right, before[1])


@pytest.mark.parametrize(("left", "right"), [((3, 2), (3, 4)), ((3,), (3, 2)), ((3, 2), (2,)), ((2, 3, 2), (3, 2))])
def test_bad_arguments(left, right):
    with pytest.raises(ValueError):
        pairwise_distance(np.ones(left), np.ones(right))
