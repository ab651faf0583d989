"""Arrays on the device compute what PyCUDA's compute, in the same types; kernels from expressions run on the engine."""

from __future__ import annotations

import operator
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from . import dropin  # noqa: F401 - puts the drop-in on the path

import numpy as np  # isort: skip
import pycuda.driver as drv  # isort: skip
from pycuda import _device, characterize, cumath, curandom, gpuarray  # isort: skip
from pycuda.compiler import SourceModule  # isort: skip
from pycuda.elementwise import ElementwiseKernel  # isort: skip
from pycuda.reduction import ReductionKernel  # isort: skip
from pycuda.scan import ExclusiveScanKernel, InclusiveScanKernel  # isort: skip
from pycuda import tools  # isort: skip

Array = np.ndarray[Any, Any]


@pytest.fixture(autouse=True)
def context() -> Iterator[drv.Context]:
    drv.init()
    made = tools.make_default_context()
    yield made
    made.pop()


def floats(count: int = 12) -> Array:
    return np.arange(1, count + 1, dtype=np.float32)


# ---------------------------------------------------------------- there and back


@pytest.mark.parametrize("order", ["C", "F"])
def test_what_is_copied_there_is_what_comes_back(order: Any) -> None:
    there = np.asarray(floats().reshape(3, 4), order=order)
    array = gpuarray.to_gpu(there)
    back = array.get()
    assert (back == there).all()
    assert back.strides == there.strides == array.strides
    assert (array.copy().get(np.zeros_like(there)) == there).all()
    assert (pickle.loads(pickle.dumps(array)).get() == there).all()


def test_sizes_and_types_have_to_fit() -> None:
    array = gpuarray.zeros(4, np.float32)
    with pytest.raises(ValueError, match="5 elements"):
        array.set(np.zeros(5, np.float32))
    with pytest.raises(ValueError, match="float64"):
        array.set(np.zeros(4))
    with pytest.raises(TypeError, match="int32"):
        array.get(np.zeros(4, np.int32))


def test_new_arrays() -> None:
    assert gpuarray.zeros((2, 3)).dtype == np.float64
    assert gpuarray.ones(3, np.int32).get().tolist() == [1, 1, 1]
    assert gpuarray.arange(1, 10, 3, dtype=np.int32).get().tolist() == [1, 4, 7]
    assert gpuarray.empty((0, 3), np.float32).get().shape == (0, 3)
    like = gpuarray.zeros_like(gpuarray.to_gpu(np.zeros((2, 3), order="F")), np.int32)
    assert (like.dtype, like.flags.f_contiguous, like.shape) == (np.dtype(np.int32), True, (2, 3))
    with pytest.warns(UserWarning, match="guesses"):
        gpuarray.arange(3)


# ---------------------------------------------------------------- parts


@pytest.mark.parametrize(
    "index",
    [3, -1, slice(2, 5), (slice(None), 2), (slice(1, None, 2), slice(1, 3)), (..., 0), (None, 1), (2, 3), slice(4, 2)],
)
def test_parts_are_those_of_numpy_and_share_memory(index: Any) -> None:
    host = np.arange(24, dtype=np.int32).reshape(6, 4)
    array = gpuarray.to_gpu(host)
    part = array[index]
    assert (part.get() == host[index]).all()
    assert part.shape == np.shape(host[index])
    array[index] = 77
    host[index] = 77
    assert (array.get() == host).all()


def test_parts_that_are_not_there_are_refused() -> None:
    array = gpuarray.zeros((2, 3))
    for wrong in (2, (0, 3), (0, 0, 0)):
        with pytest.raises(IndexError):
            array[wrong]
    with pytest.raises(IndexError, match="no index of type list"):
        array[[0, 1]]
    with pytest.raises(ValueError, match="shape"):
        array[0] = np.zeros(2)
    with pytest.raises(TypeError, match="int64"):
        array[0] = np.zeros(3, np.int64)


def test_shapes() -> None:
    array = gpuarray.to_gpu(floats().reshape(3, 4))
    assert (array.T.get() == array.get().T).all()
    assert (array.reshape(2, -1).get() == array.get().reshape(2, -1)).all()
    assert array.ravel().shape == (12,)
    assert array.view(np.int16).shape == (3, 8)
    assert array[:, 1:2].squeeze().shape == (3,)
    with pytest.raises(ValueError, match="shape"):
        array.reshape(5, 2)
    with pytest.raises(RuntimeError, match="side by side"):
        array[:, ::2].reshape(6)


def test_a_part_is_what_a_kernel_gets() -> None:
    module = SourceModule("__global__ void twice(float *a) { a[threadIdx.x] *= 2; }")
    array = gpuarray.to_gpu(floats())
    module.get_function("twice")(array[4:8], block=(4, 1, 1))
    assert array.get().tolist() == [1, 2, 3, 4, 10, 12, 14, 16, 9, 10, 11, 12]


def test_joined_arrays() -> None:
    one, two = floats().reshape(3, 4), -floats().reshape(3, 4)
    there = [gpuarray.to_gpu(one), gpuarray.to_gpu(two)]
    assert (gpuarray.concatenate(there, 1).get() == np.concatenate([one, two], 1)).all()
    assert (gpuarray.stack(there, -1).get() == np.stack([one, two], -1)).all()


# ---------------------------------------------------------------- operators

OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]


@pytest.mark.parametrize("operation", OPERATORS)
def test_operators_of_arrays_and_numbers(operation: Any) -> None:
    a, b = floats(), floats()[::-1] / 4
    there, other = gpuarray.to_gpu(a), gpuarray.to_gpu(np.ascontiguousarray(b))
    for result, expected in [
        (operation(there, other), operation(a, b)),
        (operation(there, 3), operation(a, np.float32(3))),
        (operation(3, there), operation(np.float32(3), a)),
        (operation(np.float64(2), there), operation(2.0, a.astype(np.float64))),
    ]:
        assert result.dtype == expected.dtype
        np.testing.assert_allclose(result.get(), expected, rtol=1e-5)


def test_operators_in_place_keep_memory_and_type() -> None:
    array = gpuarray.to_gpu(floats())
    address = array.ptr
    array += 1
    array *= gpuarray.to_gpu(floats().astype(np.float64))
    array -= 2
    array /= 2
    array **= 2
    assert (array.ptr, array.dtype) == (address, np.dtype(np.float32))
    np.testing.assert_allclose(array.get(), (((floats() + 1) * floats() - 2) / 2) ** 2, rtol=1e-5)


def test_whole_numbers_are_divided_as_in_c() -> None:
    a, b = gpuarray.to_gpu(np.array([7, -7, 7], np.int32)), gpuarray.to_gpu(np.array([2, 2, -2], np.int32))
    assert (a / b).get().tolist() == [3, -3, -3]
    assert (a / b).dtype == np.int32


def test_comparisons_give_numbers_of_the_same_type() -> None:
    array = gpuarray.to_gpu(floats(3))
    assert (array > 1).get().tolist() == [0, 1, 1]
    assert (array > 1).dtype == np.float32
    assert (array == gpuarray.to_gpu(np.array([1, 0, 3], np.float32))).get().tolist() == [1, 0, 1]


def test_operators_refuse_what_does_not_fit() -> None:
    array = gpuarray.to_gpu(floats().reshape(3, 4))
    with pytest.raises(NotImplementedError, match="shapes"):
        array + array[0]
    with pytest.raises(RuntimeError, match="side by side"):
        array[:, ::2] + 1
    with pytest.raises(TypeError):
        array + "1"
    with pytest.raises(ValueError, match="ambiguous"):
        bool(array)
    with pytest.raises(TypeError, match="unhashable"):
        hash(array)


def test_reductions_and_choices() -> None:
    host = np.array([3, -1, 4, -1, 5], np.int32)
    array, other = gpuarray.to_gpu(host), gpuarray.to_gpu(host[::-1].copy())
    indices = gpuarray.to_gpu(np.array([0, 2, 4], np.uint32))
    for result, expected in [
        (gpuarray.sum(array), 10),
        (gpuarray.min(array), -1),
        (gpuarray.max(array), 5),
        (gpuarray.dot(array, other), 48),
        (gpuarray.subset_sum(indices, array), 12),
        (gpuarray.subset_max(indices, array), 5),
        (gpuarray.subset_dot(indices, array, array), 50),
    ]:
        assert result.shape == ()
        assert result.dtype == np.int32
        assert result.get() == expected
    assert gpuarray.take(array, indices).get().tolist() == [3, 4, 5]
    assert gpuarray.maximum(array, 0).get().tolist() == [3, 0, 4, 0, 5]
    assert gpuarray.minimum(array, other).get().tolist() == [3, -1, 4, -1, 3]
    assert gpuarray.if_positive(array, array, other).get().tolist() == [3, -1, 4, -1, 5]
    assert gpuarray.logical_and(array, 1).dtype == np.bool_
    assert bool(gpuarray.any(array).get())
    assert array.reverse().get().tolist() == host[::-1].tolist()


def test_parts_of_complex_numbers() -> None:
    host = (floats() + 2j * floats()).astype(np.complex64)
    array = gpuarray.to_gpu(host)
    assert (array.real.get() == host.real).all()
    assert array.imag.dtype == np.float32
    assert (array.conj().get() == host.conj()).all()
    np.testing.assert_allclose(abs(array).get(), np.abs(host), rtol=1e-6)


# ---------------------------------------------------------------- kernels from expressions


def test_elementwise_kernels() -> None:
    combine = ElementwiseKernel("float a, float *x, float b, float *y, float *z", "z[i] = a*x[i] + b*y[i]", "combine")
    x, y = gpuarray.to_gpu(floats(1000)), gpuarray.to_gpu(floats(1000))
    z = gpuarray.zeros_like(x)
    combine(5, x, 6.0, y, z)
    assert (z.get() == 11 * floats(1000)).all()
    combine(0, x, 0, y, z, slice=slice(990, 10, -3))
    expected = 11 * floats(1000)
    expected[990:10:-3] = 0
    assert (z.get() == expected).all()
    with pytest.raises(RuntimeError, match="side by side"):
        combine(1, x[::2], 1, y, z)
    with pytest.raises(drv.CompileError):
        ElementwiseKernel("float *x", "x[i] = nothing")(x)


@pytest.mark.parametrize("size", [1, 31, 512, 2048, 2049, 100_000])
def test_reduction_kernels(size: int) -> None:
    dot = ReductionKernel(np.float32, "0", "a+b", "x[i]*y[i]", "float *x, float *y")
    x = np.ones(size, np.float32)
    assert dot(gpuarray.to_gpu(x), gpuarray.to_gpu(2 * x)).get() == 2 * size
    greatest = ReductionKernel(np.int32, "-1", "max(a, b)", arguments="int *in")
    out = gpuarray.zeros(1, np.int32)
    greatest(gpuarray.to_gpu(np.random.default_rng(0).permutation(size).astype(np.int32)), out=out)
    assert out.get()[0] == size - 1


@pytest.mark.parametrize("size", [1, 16, 17, 2047, 2048, 2049, 70_000])
def test_scans(size: int) -> None:
    host = np.random.default_rng(0).integers(0, 10, size).astype(np.int32)
    array = gpuarray.to_gpu(host)
    sums = InclusiveScanKernel(np.int32, "a+b")(array, "new")
    assert (sums.get() == np.cumsum(host)).all()
    assert (array.get() == host).all()
    ExclusiveScanKernel(np.int32, "a+b", "0")(array)
    assert (array.get() == np.cumsum(host) - host).all()


def test_kernels_from_expressions_are_right_in_every_access() -> None:
    _device.reports.clear()
    test_elementwise_kernels()
    test_reduction_kernels(5000)
    test_scans(5000)
    assert [finding for report in _device.reports for finding in report.findings] == []


# ---------------------------------------------------------------- the rest


def test_functions() -> None:
    array = gpuarray.to_gpu(floats() / 13)
    for name in ("sin", "exp", "sqrt", "log10", "tanh", "floor"):
        np.testing.assert_allclose(getattr(cumath, name)(array).get(), getattr(np, name)(floats() / 13), rtol=1e-5)
    out = gpuarray.empty_like(array)
    assert cumath.asin(array, out=out) is out
    behind, before = cumath.modf(array * 13)
    assert (before.get() + behind.get()).tolist() == pytest.approx(floats().tolist())


def test_random_numbers_have_their_distribution() -> None:
    numbers = curandom.rand((100, 100), np.float32).get()
    assert 0 <= numbers.min() < 0.01
    assert 0.99 < numbers.max() < 1
    generator = curandom.XORWOWRandomNumberGenerator(curandom.seed_getter_uniform)
    normal = generator.gen_normal(20_000, np.float32).get()
    assert abs(normal.mean()) < 0.05
    assert abs(normal.std() - 1) < 0.05
    assert generator.gen_uniform(10, np.uint32).dtype == np.uint32
    assert abs(generator.gen_poisson(20_000, np.uint32, 13.0).get().mean() - 13) < 0.3


def test_the_same_seed_gives_the_same_numbers() -> None:
    drawn = []
    for _ in range(2):
        np.random.seed(5)
        drawn.append(curandom.rand(5).get().tolist())
    assert drawn[0] == drawn[1]


def test_pools_keep_what_is_freed() -> None:
    pool = tools.DeviceMemoryPool()
    first = pool.allocate(1000)
    address = int(first)
    first.free()
    assert (pool.active_blocks, pool.held_blocks) == (0, 1)
    again = gpuarray.zeros(250, np.float32, allocator=pool.allocate)
    assert again.ptr == address
    del again
    pool.stop_holding()
    assert pool.held_blocks == 0


def test_occupancy() -> None:
    record = tools.OccupancyRecord(tools.DeviceData(), 256, shared_mem=24 << 10)
    assert (record.tb_per_mp, record.limited_by, record.occupancy) == (2, "smem", 0.25)
    with pytest.raises(ValueError, match="threads"):
        tools.OccupancyRecord(tools.DeviceData(), 2048)


def test_types_of_c() -> None:
    assert tools.dtype_to_ctype(np.float32) == "float"
    tools.get_or_register_dtype("my_pair", np.dtype([("a", np.int32), ("b", np.int64)]))
    assert tools.get_arg_type("const unsigned int *x") == "P"
    assert tools.parse_c_arg("my_pair p").dtype.itemsize == 12
    assert characterize.sizeof("double3") == 24
    assert gpuarray.vec.make_float3(1, 2, 3)["z"] == 3


def test_complex_numbers_in_kernels() -> None:
    host = (floats() - 3j * floats() / 7).astype(np.complex64)
    array, out = gpuarray.to_gpu(host), gpuarray.zeros(12, np.complex64)
    operation = "z[i] = a * x[i] + exp(x[i] / 20.0f) - conj(x[i]) * abs(x[i])"
    combine = ElementwiseKernel(
        "pycuda::complex<float> a, pycuda::complex<float> *x, pycuda::complex<float> *z", operation
    )
    combine(np.complex64(2j), array, out)
    np.testing.assert_allclose(out.get(), 2j * host + np.exp(host / 20) - host.conj() * np.abs(host), rtol=1e-5)
    total = ReductionKernel(np.complex64, "0", "a+b", "x[i]*x[i]", "pycuda::complex<float> *x")
    np.testing.assert_allclose(total(array).get(), (host * host).sum(), rtol=1e-5)
    module = SourceModule(
        "#include <cuComplex.h>\n"
        "__global__ void square(cuFloatComplex *z) { z[threadIdx.x] = cuCmulf(z[threadIdx.x], z[threadIdx.x]); }"
    )
    module.get_function("square")(array, block=(12, 1, 1))
    np.testing.assert_allclose(array.get(), host * host, rtol=1e-5)
