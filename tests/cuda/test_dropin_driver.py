"""The driver of the drop-in does what PyCUDA's does, with its exceptions, and says what was wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from . import dropin  # noqa: F401 - puts the drop-in on the path

import numpy as np  # isort: skip
import pycuda.driver as drv  # isort: skip
from pycuda.compiler import SourceModule, compile  # isort: skip
from pycuda.tools import make_default_context  # isort: skip

KERNELS = """
__constant__ float factors[3];
__device__ int counter;
struct Pair { int a; float b; };

__global__ void scale(float *out, const float *in, int n, float by) {
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n) out[i] = in[i] * by;
}
__global__ void weigh(float *values) { values[threadIdx.x] *= factors[threadIdx.x]; }
__global__ void write_pair(int *a, float *b, Pair pair) { *a = pair.a; *b = pair.b; }
__global__ void use_shared(int *out) {
    extern __shared__ int all[];
    all[threadIdx.x] = threadIdx.x;
    __syncthreads();
    out[threadIdx.x] = all[blockDim.x - 1 - threadIdx.x];
}
__global__ void with_static(float *out) {
    __shared__ float own[64];
    own[threadIdx.x] = out[threadIdx.x];
    __syncthreads();
    out[threadIdx.x] = own[63 - threadIdx.x];
}
__global__ void run_away(float *out) { for (long i = 0; i < 1000000; i++) out[i * 1000] = 1; }
"""


@pytest.fixture(autouse=True)
def context() -> Iterator[drv.Context]:
    drv.init()
    made = make_default_context()
    yield made
    made.pop()


@pytest.fixture
def module() -> SourceModule:
    return SourceModule(KERNELS)


def numbers(count: int = 100) -> np.ndarray[Any, Any]:
    return np.arange(count, dtype=np.float32)


def scaled(module: SourceModule, *args: Any, **how: Any) -> Any:
    return module.get_function("scale")(*args, **{"block": (128, 1, 1), **how})


# ---------------------------------------------------------------- devices and contexts


def test_there_is_one_device_and_it_describes_itself() -> None:
    device = drv.Device(0)
    assert drv.Device.count() == 1
    assert device.compute_capability() >= (3, 5)
    assert device.get_attribute(drv.device_attribute.MAX_THREADS_PER_BLOCK) == 1024
    assert device.max_threads_per_block == device.attributes[drv.device_attribute.MAX_THREADS_PER_BLOCK]
    assert str(drv.device_attribute.WARP_SIZE) == "WARP_SIZE"
    with pytest.raises(drv.LogicError, match="invalid device ordinal"):
        drv.Device(1)
    with pytest.raises(AttributeError):
        device.horsepower  # noqa: B018


def test_without_a_context_nothing_can_be_done(context: drv.Context) -> None:
    context.pop()
    try:
        assert drv.Context.get_current() is None
        with pytest.raises(drv.LogicError, match=r"no context is current.*autoinit"):
            drv.mem_alloc(4)
    finally:
        context.push()


def test_contexts_are_a_stack(context: drv.Context) -> None:
    other = drv.Device(0).make_context()
    assert drv.Context.get_current() is other
    other.detach()
    assert drv.Context.get_current() is context


# ---------------------------------------------------------------- memory


def test_copies_there_and_back_are_the_same() -> None:
    values = numbers()
    memory = drv.to_device(values)
    other = drv.mem_alloc_like(values)
    drv.memcpy_dtod(other, memory, values.nbytes)
    assert (drv.from_device_like(other, values) == values).all()
    assert (drv.from_device(int(other) + 40, (90,), np.float32) == values[10:]).all()


@pytest.mark.parametrize(
    "copy",
    [
        lambda memory: drv.memcpy_htod(memory, numbers(26)),
        lambda memory: drv.memcpy_dtoh(numbers(26), memory),
        lambda memory: drv.memcpy_dtoh(numbers(25), int(memory) + 4),
        lambda memory: drv.memset_d32(memory, 0, 26),
        lambda memory: drv.memcpy_dtod(memory, drv.mem_alloc(200), 101),
        lambda memory: drv.memcpy_dtoh(numbers(1), 4096),
    ],
)
def test_copies_stay_within_their_memory(copy: Any) -> None:
    with pytest.raises(drv.LogicError, match="invalid argument"):
        copy(drv.mem_alloc(100))


def test_freed_memory_is_gone() -> None:
    memory = drv.mem_alloc(100)
    address = int(memory)
    memory.free()
    with pytest.raises(drv.LogicError, match="freed before"):
        memory.free()
    with pytest.raises(drv.LogicError, match="no device memory"):
        drv.memcpy_dtoh(numbers(1), address)


def test_memory_is_counted_and_ends() -> None:
    free, total = drv.mem_get_info()
    memory = drv.mem_alloc(1000)
    assert drv.mem_get_info() == (free - 1000, total)
    del memory
    assert drv.mem_get_info() == (free, total)
    with pytest.raises(drv.MemoryError, match="out of memory"):
        drv.mem_alloc(total + 1)
    with pytest.raises(drv.LogicError):
        drv.mem_alloc(0)


def test_host_buffers_are_what_numpy_and_bytes_are() -> None:
    memory = drv.mem_alloc(8)
    drv.memcpy_htod(memory, b"12345678")
    back = bytearray(8)
    drv.memcpy_dtoh(back, memory)
    assert back == b"12345678"
    with pytest.raises(ValueError, match="not contiguous"):
        drv.memcpy_htod(memory, np.zeros(4, np.float32)[::2])
    with pytest.raises(ValueError, match="read-only"):
        drv.memcpy_dtoh(b"12345678", memory)
    with pytest.raises(TypeError, match="device address"):
        drv.memcpy_htod("there", back)


def test_fills_write_their_pattern() -> None:
    memory, back = drv.mem_alloc(8), np.zeros(8, np.uint8)
    for fill, data, count, expected in [
        (drv.memset_d8, 3, 8, [3] * 8),
        (drv.memset_d16, 0x0201, 4, [1, 2] * 4),
        (drv.memset_d32, -2, 2, [254, 255, 255, 255] * 2),
    ]:
        fill(memory, data, count)
        drv.memcpy_dtoh(back, memory)
        assert back.tolist() == expected


def test_rectangles_are_copied_row_by_row() -> None:
    picture = np.arange(24, dtype=np.int32).reshape(4, 6)
    memory, pitch = drv.mem_alloc_pitch(6 * 4, 4, 4)
    there = drv.Memcpy2D()
    there.set_src_host(picture)
    there.set_dst_device(memory)
    there.src_pitch, there.dst_pitch, there.width_in_bytes, there.height = 24, pitch, 24, 4
    there(aligned=True)
    part = np.zeros((2, 3), np.int32)
    back = drv.Memcpy2D()
    back.set_src_device(memory)
    back.set_dst_host(part)
    back.src_x_in_bytes, back.src_y, back.src_pitch = 8, 1, pitch
    back.dst_pitch, back.width_in_bytes, back.height = 12, 12, 2
    back()
    assert (part == picture[1:3, 2:5]).all()
    back.height = 3
    with pytest.raises(drv.LogicError, match="outside of the host's buffer"):
        back()


def test_page_locked_and_aligned_arrays_are_arrays() -> None:
    array = drv.pagelocked_zeros((3, 4), np.float64, order="F")
    assert array.flags.f_contiguous
    assert (array == 0).all()
    assert drv.aligned_empty((5,), np.int32, alignment=4096).ctypes.data % 4096 == 0
    assert drv.pagelocked_empty_like(array).shape == (3, 4)
    registered = drv.register_host_memory(array)
    registered[1, 2] = 5
    assert array[1, 2] == 5
    base: Any = registered.base
    base.unregister()


def test_kernels_write_to_mapped_and_managed_memory(module: SourceModule) -> None:
    mapped = drv.pagelocked_zeros(4, np.float32, mem_flags=drv.host_alloc_flags.DEVICEMAP)
    managed = drv.managed_zeros(4, np.float32, mem_flags=drv.mem_attach_flags.GLOBAL)
    managed[:] = 3
    base: Any = mapped.base
    scaled(module, np.intp(base.get_device_pointer()), managed, np.int32(4), np.float32(2))
    assert mapped.tolist() == [6] * 4


# ---------------------------------------------------------------- launches


def test_a_kernel_works_on_arrays_of_the_host(module: SourceModule) -> None:
    values, out = numbers(), np.zeros(100, np.float32)
    scaled(module, drv.Out(out), drv.In(values), np.int32(100), np.float32(3))
    assert (out == 3 * values).all()
    scaled(module, drv.InOut(out), drv.In(out), np.int32(50), np.float32(2), grid=(1, 1), stream=drv.Stream())
    assert (out[:50] == 6 * values[:50]).all()
    assert (out[50:] == 3 * values[50:]).all()


def test_prepared_launches(module: SourceModule) -> None:
    values = numbers()
    memory, out = drv.to_device(values), np.zeros(100, np.float32)
    scale = module.get_function("scale").prepare("PPif")
    scale.prepared_call((1, 1), (100, 1, 1), memory, memory, 100, 2.0)
    scale.prepared_async_call((1, 1), (100, 1, 1), drv.Stream(), memory, memory, 100, 2.0)
    seconds = scale.prepared_timed_call((1, 1), (100, 1, 1), memory, int(memory), 100, 2.0)
    assert seconds() > 0
    drv.memcpy_dtoh(out, memory)
    assert (out == 8 * values).all()


def test_structs_and_dynamic_shared_memory(module: SourceModule) -> None:
    pair = np.array((7, 1.5), np.dtype([("a", np.int32), ("b", np.float32)]))
    a, b = np.zeros(1, np.int32), np.zeros(1, np.float32)
    module.get_function("write_pair")(drv.Out(a), drv.Out(b), pair, block=(1, 1, 1))
    assert (a[0], b[0]) == (7, 1.5)
    out = np.zeros(64, np.int32)
    module.get_function("use_shared")(drv.Out(out), block=(64, 1, 1), shared=256)
    assert out.tolist() == list(range(63, -1, -1))


def test_variables_of_a_module_can_be_written_to(module: SourceModule) -> None:
    address, size = module.get_global("factors")
    assert size == 12
    drv.memcpy_htod(address, np.array([1, 2, 3], np.float32))
    values = np.ones(3, np.float32)
    module.get_function("weigh")(drv.InOut(values), block=(3, 1, 1))
    assert values.tolist() == [1, 2, 3]
    with pytest.raises(drv.LogicError, match="do not fit"):
        drv.memcpy_htod(address, np.zeros(4, np.float32))


@pytest.mark.parametrize(
    ("args", "error", "told"),
    [
        ((np.int32(9),), drv.LogicError, r"has 4 parameters \(out, in, n, by\), and 3 arguments"),
        ((9, np.float32(1)), TypeError, r"#2 \(0-based, `n`\).*int.*numpy\.int32"),
        ((np.int32(9), 1.0), TypeError, r"#3 \(0-based, `by`\).*float.*numpy\.float32"),
        ((np.int64(9), np.float32(1)), drv.LogicError, r"#2.*an integer of 4 bytes.*numpy\.int64 \(8 bytes\)"),
        ((np.float32(9), np.float32(1)), drv.LogicError, r"#2.*an integer of 4 bytes.*numpy\.float32"),
        ((np.int32(9), np.float64(1)), drv.LogicError, r"#3.*floating point.*numpy\.float64"),
    ],
)
def test_wrong_arguments_are_named(module: SourceModule, args: Any, error: Any, told: str) -> None:
    with pytest.raises(error, match=told):
        scaled(module, drv.InOut(numbers(9)), drv.In(numbers(9)), *args)


def test_an_array_of_the_host_is_no_pointer(module: SourceModule) -> None:
    with pytest.raises(drv.LogicError, match=r"#0.*`out`.*numpy array.*pycuda\.driver\.In"):
        scaled(module, numbers(9), drv.In(numbers(9)), np.int32(9), np.float32(1))


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"block": (1025, 1, 1)}, drv.LogicError),
        ({"block": (32, 33, 1)}, drv.LogicError),
        ({"block": (1, 1, 65)}, drv.LogicError),
        ({"block": (0, 1, 1)}, drv.LogicError),
        ({"block": (1, 1)}, TypeError),
        ({"block": (1.0, 1, 1)}, TypeError),
        ({"block": None}, ValueError),
        ({"grid": (1, 65536)}, drv.LogicError),
        ({"grid": (1, 1, 1, 1)}, drv.LogicError),
        ({"shared": 49153}, drv.LogicError),
        ({"blocks": (1, 1, 1)}, ValueError),
    ],
)
def test_launches_beyond_the_limits_are_refused(module: SourceModule, how: Any, error: Any) -> None:
    with pytest.raises(error):
        scaled(module, drv.InOut(numbers(9)), drv.In(numbers(9)), np.int32(9), np.float32(1), **how)


def test_more_shared_memory_has_to_be_asked_for(module: SourceModule) -> None:
    kernel, out = module.get_function("use_shared"), np.zeros(64, np.int32)
    with pytest.raises(drv.LogicError, match="60000"):
        kernel(drv.Out(out), block=(64, 1, 1), shared=60000)
    kernel.set_attribute(drv.function_attribute.MAX_DYNAMIC_SHARED_SIZE_BYTES, 60000)
    kernel(drv.Out(out), block=(64, 1, 1), shared=60000)
    assert out[0] == 63


def test_attributes_of_a_kernel(module: SourceModule) -> None:
    kernel = module.get_function("with_static")
    assert kernel.shared_size_bytes == 256
    assert kernel.max_threads_per_block == 1024
    assert kernel.num_regs == kernel.get_attribute(drv.function_attribute.NUM_REGS)
    assert module.get_function("scale").shared_size_bytes == 0


def test_a_failed_launch_ends_the_context(module: SourceModule) -> None:
    memory = drv.mem_alloc(100)
    with pytest.raises(drv.LaunchError, match=r"illegal address.*kernel run_away"):
        module.get_function("run_away")(memory, block=(1, 1, 1))
    with pytest.raises(drv.LaunchError, match=r"ended with an earlier launch.*illegal address"):
        drv.memcpy_dtoh(numbers(25), memory)
    with pytest.raises(drv.LaunchError):
        drv.Context.synchronize()
    with pytest.raises(drv.LaunchError):
        drv.mem_alloc(4)


def test_events_are_moments(module: SourceModule) -> None:
    begin, end = drv.Event(), drv.Event()
    begin.record()
    scaled(module, drv.InOut(numbers(9)), drv.In(numbers(9)), np.int32(9), np.float32(1))
    end.record().synchronize()
    assert begin.time_till(end) == end.time_since(begin) > 0
    with pytest.raises(drv.LogicError, match="not recorded"):
        drv.Event().time_since(begin)


# ---------------------------------------------------------------- sources


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            "\n__global__ void k(float *a) {\n  for (int i = 0; i < 3; i++) a[i] = foo(i);\n}",
            r"kernel\.cu:3:\d+: error",
        ),
        ('__global__ void k(float *a) {\n  atomicAdd(a, "x");\n}', r"kernel\.cu:2:\d+: error"),
        ('__global__ void k(float *a) {\n  asm("nop");\n}', r"kernel\.cu:2: error: 'asm': assembly"),
        ("#include <thrust/sort.h>\n", r"kernel\.cu:1:\d+: fatal error"),
        ("__global__ void k(float *a) {\n  while (a[0] > 0) { a[0]--; \n}", r"kernel\.cu:3: error: expected '}'"),
        ("__global__ void k(float *a) {\n  a[0] = 1; }\n}", r"kernel\.cu:3: error: .*'}'"),
        ("__global__ void k(float *a) {\n  a[0] = min(a[0], 1, 2);\n}", r"kernel\.cu:2:\d+: error"),
    ],
)
def test_what_does_not_compile_is_told_by_line(source: str, told: str) -> None:
    with pytest.raises(drv.CompileError, match=told) as caught:
        SourceModule(source)
    assert "ck_" not in str(caught.value)
    assert "native" not in str(caught.value)
    assert "CK_" not in str(caught.value)


def test_too_much_static_shared_memory_does_not_compile() -> None:
    with pytest.raises(drv.CompileError, match="80000 bytes"):
        SourceModule("__global__ void k(int *a) { __shared__ int x[20000]; x[a[0]] = 1; a[0] = x[a[1]]; }")


def test_what_is_not_there_is_named(module: SourceModule) -> None:
    with pytest.raises(drv.LogicError, match="no kernel scaled; there are: scale, weigh"):
        module.get_function("scaled")
    with pytest.raises(drv.LogicError, match="no variable factor"):
        module.get_global("factor")
    with pytest.raises(drv.LogicError, match="not available on the CPU"):
        module.get_texref("texture")


def test_definitions_and_headers_of_the_options(tmp_path: Any) -> None:
    (tmp_path / "mine.h").write_text("#define TWICE(x) (2 * (x))\n")
    source = '#include "mine.h"\n__global__ void k(int *a) { *a = TWICE(N) + M; }'
    module = SourceModule(source, options=["-DN=4", "-D", "M=1", "-O3"], include_dirs=[str(tmp_path)])
    out = np.zeros(1, np.int32)
    module.get_function("k")(drv.Out(out), block=(1, 1, 1))
    assert out[0] == 9


def test_a_compiled_module_can_be_loaded_again() -> None:
    loaded = drv.module_from_buffer(compile(KERNELS))
    assert loaded.get_function("scale").max_threads_per_block == 1024
    with pytest.raises(drv.LogicError, match="not compiled for the CPU"):
        drv.module_from_buffer(b"\x7fELF")


def test_templates_and_names_of_cpp() -> None:
    source = """
    template <class T> __device__ T twice(T x) { return x + x; }
    extern "C" __global__ void k(int *a) { *a = twice(21); }
    """
    out = np.zeros(1, np.int32)
    SourceModule(source, no_extern_c=True).get_function("k")(drv.Out(out), block=(1, 1, 1))
    assert out[0] == 42


# ---------------------------------------------------------------- threads


def test_a_thread_begins_without_a_context_and_can_push_one(context: drv.Context, module: SourceModule) -> None:
    told: list[Any] = []

    def work() -> None:
        try:
            drv.mem_alloc(4)
        except drv.LogicError as refused:
            told.append(str(refused))
        context.push()
        values = numbers(9)
        scaled(module, drv.InOut(values), drv.In(values), np.int32(9), np.float32(2))
        told.append(values.tolist())
        context.pop()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert "no context is current in this thread" in told[0]
    assert told[1] == (2 * numbers(9)).tolist()


def test_threads_launch_one_after_the_other(context: drv.Context, module: SourceModule) -> None:
    right: list[bool] = []

    def work(factor: int) -> None:
        context.push()
        for _ in range(10):
            values, out = numbers(10_000), np.zeros(10_000, np.float32)
            scale = {"grid": (79, 1), "block": (128, 1, 1)}
            scaled(module, drv.Out(out), drv.In(values), np.int32(10_000), np.float32(factor), **scale)
            right.append(bool((out == factor * values).all()))
        context.pop()

    threads = [threading.Thread(target=work, args=(factor,)) for factor in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert right == [True] * 40


def test_a_launch_that_fails_in_a_thread_fails_there(context: drv.Context, module: SourceModule) -> None:
    told: list[str] = []

    def work() -> None:
        context.push()
        try:
            module.get_function("run_away")(drv.mem_alloc(100), block=(1, 1, 1))
        except drv.LaunchError as failed:
            told.append(str(failed))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert "illegal address" in told[0]
