"""Public tests: run `pytest` in this folder."""

import math

import numpy as np
import pytest
from moving_stats import moving_max, moving_mean

BOTH = pytest.mark.parametrize("function", [moving_mean, moving_max])


def mean_of(window):
    return math.fsum(window) / len(window)


def one_by_one(function, values, window):
    """What comes of each window by itself."""
    of = mean_of if function is moving_mean else max
    numbers = [float(value) for value in values]
    return [of(numbers[start : start + window]) for start in range(len(numbers) - window + 1)]


def expect_right(function, values, window):
    result = function(values, window)
    assert isinstance(result, np.ndarray) and result.dtype == np.float64
    np.testing.assert_allclose(result, one_by_one(function, values, window), rtol=1e-10)
    return result


@BOTH
@pytest.mark.parametrize("length", [4, 5, 7, 8, 12, 13, 100])
def test_every_window(function, length):
    values = np.random.default_rng(length).random(length)
    for window in range(1, length + 1):
        expect_right(function, values, window)


@BOTH
def test_a_window_that_is_too_long(function):
    assert function(np.ones(3), 4).shape == (0,)


@BOTH
@pytest.mark.parametrize(("shape", "window"), [(5, 0), (5, -1), ((4, 5), 2)])
def test_bad_arguments(function, shape, window):
    with pytest.raises(ValueError):
        function(np.ones(shape), window)


@BOTH
@pytest.mark.parametrize("kind", ["float32", "int64", "int8", "uint8", ">f8"])
def test_types(function, kind):
    expect_right(function, np.arange(100, 127).astype(kind), 5)


@BOTH
def test_a_view_stays_as_it_is(function):
    wide = np.random.default_rng(0).random(40)
    values = wide[::-3]
    before = values.copy()
    for window in (1, 4):
        result = expect_right(function, values, window)
        result[:] = 0
        assert np.array_equal(values, before)


@BOTH
def test_nan_stays_in_its_windows(function):
    values = np.arange(10.0)
    values[4] = np.nan
    assert np.isnan(function(values, 3)).tolist() == [2 <= start <= 4 for start in range(8)]


def test_infinity_stays_in_its_windows():
    means = moving_mean(np.array([1, np.inf, 1, -np.inf, 1, 3]), 2)
    assert means.tolist() == [np.inf, np.inf, -np.inf, -np.inf, 2]


def test_a_large_value_stays_in_its_windows():
    values = np.array([1e17, *range(1, 20)])
    expect_right(moving_mean, values, 4)


@BOTH
def test_a_wide_window_over_many_values(function):
    values = np.random.default_rng(1).random(1_000_000)
    result = function(values, 50_000)
    for start in (0, 1, 49_999, 50_000, 950_000):
        (expected,) = one_by_one(function, values[start : start + 50_000], 50_000)
        assert result[start] == pytest.approx(expected, rel=1e-10)
