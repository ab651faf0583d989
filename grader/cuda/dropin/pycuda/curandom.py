"""Random numbers. They come from numpy, so those of a seed differ from a GPU's; their distributions are the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ._array import GPUArray
from ._storage import elements, store
from .gpuarray import to_gpu


def get_curand_version() -> tuple[int, int, int]:
    """Of the library that this behaves like."""
    return 10, 3, 0


def _uniform(generator: Any, shape: Any, dtype: np.dtype[Any]) -> Any:
    """At least 0 and below 1, or all bits of whole numbers. Raises NotImplementedError for other types."""
    if dtype in (np.float32, np.float64):
        return generator.random(shape, dtype.type)
    if dtype in (np.int32, np.uint32):
        return generator.integers(0, 2**32, shape, np.uint32).view(dtype)
    if dtype in (np.int64, np.uint64):
        return generator.integers(0, 2**64, shape, np.uint64).view(dtype)
    raise NotImplementedError(f"there are no random numbers of type {dtype}")


def rand(shape: Any, dtype: DTypeLike = np.float32, stream: Any = None) -> GPUArray:
    """At least 0 and below 1, or all bits of whole numbers; numpy.random.seed decides which."""
    new = GPUArray(shape, dtype)
    generator = np.random.default_rng(np.random.randint(2**31 - 1))
    store(new, _uniform(generator, new.shape, new.dtype))
    return new


def seed_getter_uniform(n: int) -> GPUArray:
    """The same seed for each of n generators."""
    return to_gpu(np.full(n, np.random.randint(2**31 - 1), np.int32))


def seed_getter_unique(n: int) -> GPUArray:
    """A seed of its own for each of n generators."""
    return to_gpu(np.random.randint(2**31 - 1, size=n).astype(np.int32))


class _Generator:
    """What all generators offer: numbers for a new array (gen_…) or for one that is there (fill_…)."""

    generators_per_block = 256
    block_count = 1

    def __init__(self, seed_getter: Callable[[int], GPUArray] | None = None, offset: int = 0) -> None:
        seeds = elements((seed_getter or seed_getter_unique)(self.generators_per_block))
        self._generator = np.random.default_rng([*(seeds.astype(np.int64) & 0xFFFFFFFF).tolist(), offset])

    def fill_uniform(self, data: GPUArray, stream: Any = None) -> None:
        """Above 0 and up to 1, or all bits of whole numbers."""
        values = _uniform(self._generator, data.shape, data.dtype)
        store(data, 1 - values if data.dtype.kind == "f" else values)

    def fill_normal(self, data: GPUArray, stream: Any = None) -> None:
        """Of mean 0 and standard deviation 1. Raises NotImplementedError for whole numbers."""
        if data.dtype.kind != "f":
            raise NotImplementedError("normally distributed numbers are floating point numbers")
        store(data, self._generator.standard_normal(data.shape))

    def fill_log_normal(self, data: GPUArray, mean: float, stddev: float, stream: Any = None) -> None:
        """Numbers whose logarithm has this mean and standard deviation."""
        if data.dtype.kind != "f":
            raise NotImplementedError("normally distributed numbers are floating point numbers")
        store(data, self._generator.lognormal(mean, stddev, data.shape))

    def fill_poisson(self, data: GPUArray, lambda_value: float | None = None, stream: Any = None) -> None:
        """With this mean, or that which each element has."""
        mean: Any = elements(data).astype(np.float64) if lambda_value is None else lambda_value
        store(data, self._generator.poisson(mean, data.shape))

    def gen_uniform(self, shape: Any, dtype: DTypeLike, stream: Any = None) -> GPUArray:
        return self._filled(self.fill_uniform, shape, dtype)

    def gen_normal(self, shape: Any, dtype: DTypeLike, stream: Any = None) -> GPUArray:
        return self._filled(self.fill_normal, shape, dtype)

    def gen_log_normal(self, shape: Any, dtype: DTypeLike, mean: float, stddev: float, stream: Any = None) -> GPUArray:
        return self._filled(self.fill_log_normal, shape, dtype, mean, stddev)

    def gen_poisson(self, shape: Any, dtype: DTypeLike, lambda_value: float, stream: Any = None) -> GPUArray:
        return self._filled(self.fill_poisson, shape, dtype, lambda_value)

    @staticmethod
    def _filled(fill: Callable[..., None], shape: Any, dtype: DTypeLike, *numbers: float) -> GPUArray:
        data = GPUArray(shape, dtype)
        fill(data, *numbers)
        return data

    def call_skip_ahead(self, i: int, stream: Any = None) -> None:
        """Leaves out so many numbers."""
        self._generator.bytes(8 * i)

    def call_skip_ahead_array(self, i: GPUArray, stream: Any = None) -> None:
        """Leaves out as many numbers as the elements say, one for each generator."""
        self.call_skip_ahead(int(elements(i).sum()))

    call_skip_ahead_sequence, call_skip_ahead_sequence_array = call_skip_ahead, call_skip_ahead_array


class XORWOWRandomNumberGenerator(_Generator):
    """Pseudo-random."""


class MRG32k3aRandomNumberGenerator(_Generator):
    """Pseudo-random."""


class _QuasiRandomGenerator(_Generator):
    """Here as random as the others; `dir_vector` and `scramble_vector` make no difference."""

    def __init__(self, dir_vector: Any = None, scramble_vector: Any = None, offset: int = 0) -> None:
        super().__init__(None, offset)


class Sobol32RandomNumberGenerator(_QuasiRandomGenerator):
    """Quasi-random on a GPU."""


class ScrambledSobol32RandomNumberGenerator(_QuasiRandomGenerator):
    """Quasi-random on a GPU."""


class Sobol64RandomNumberGenerator(_QuasiRandomGenerator):
    """Quasi-random on a GPU."""


class ScrambledSobol64RandomNumberGenerator(_QuasiRandomGenerator):
    """Quasi-random on a GPU."""
