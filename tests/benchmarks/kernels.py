"""What running CUDA C on the CPU costs: `python -m tests.benchmarks.kernels`.

Compiling and loading a kernel; an access in the checked build; and, where numba is installed, the fast build beside
numba's simulator on the same sizes. All times are processor time, children included, so that other work on the machine
matters little; each is the least of a few rounds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from grader.cuda.compiler import CHECKED, FAST
from grader.cuda.device import CopyIn, CopyOut, EngineDevice
from grader.cuda.engine import KernelModule

KERNELS = Path(__file__).parents[1] / "cuda" / "kernels"
ROUNDS = 3
f, i32 = np.float32, np.int32
rng = np.random.default_rng(1)

SIMULATED = """
import os, sys, time
os.environ["NUMBA_ENABLE_CUDASIM"] = "1"
import numpy as np
from numba import cuda, float32

@cuda.jit
def vadd(c, a, b):
    i = cuda.grid(1)
    if i < c.size:
        c[i] = a[i] + b[i]

@cuda.jit
def mm_tiled(c, a, b):
    s, t = cuda.shared.array((16, 16), float32), cuda.shared.array((16, 16), float32)
    x, y = cuda.threadIdx.x, cuda.threadIdx.y
    column, row = cuda.grid(2)
    total = 0.0
    for tile in range(c.shape[0] // 16):
        s[y, x] = a[row, tile * 16 + x]
        t[y, x] = b[tile * 16 + y, column]
        cuda.syncthreads()
        for k in range(16):
            total += s[y, k] * t[k, x]
        cuda.syncthreads()
    c[row, column] = total

def took(kernel, grid, block, *arguments):
    began = time.process_time()
    kernel[grid, block](*arguments)
    return time.process_time() - began

a = np.ones(1 << 14, np.float32)
m = np.ones((64, 64), np.float32)
print(took(vadd, 64, 256, np.empty_like(a), a, a), took(mm_tiled, (4, 4), (16, 16), np.empty_like(m), m, m))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        compile_and_load(Path(folder))
        devices = {build: EngineDevice(build, Path(folder)) for build in (FAST, CHECKED)}
        for name, file, launch in launches():
            report(name, file, launch, devices)
        beside_numba(devices[FAST])


def cpu_s() -> float:
    return sum(os.times()[:4])


def least(what: Callable[[], object]) -> float:
    """Seconds of processor time."""
    times = []
    for _ in range(ROUNDS):
        began = cpu_s() if what.__name__ == "compiled" else time.process_time()
        what()
        times.append((cpu_s() if what.__name__ == "compiled" else time.process_time()) - began)
    return min(times)


def compile_and_load(folder: Path) -> None:
    for build in (FAST, CHECKED):
        engine, number = EngineDevice(build, folder).engine, iter(range(1000))
        source = (KERNELS / "transpose.cu").read_text()

        def compiled(engine: object = engine, number: object = number, source: str = source) -> None:
            KernelModule(engine, f"{source}\n// {next(number)}\n")  # type: ignore[arg-type, call-overload]

        def loaded(engine: object = engine, source: str = source) -> None:
            KernelModule(engine, source)  # type: ignore[arg-type]

        print(f"{build:8} compile {least(compiled):.3f} s, load again {1e3 * least(loaded):.2f} ms")


def launches() -> list[tuple[str, str, tuple[object, ...]]]:
    """Name, file and what is handed to `EngineDevice.run` behind the source: kernel, arguments, block, grid, shared."""
    n, side, volume_side, width = 1 << 20, 256, 64, 128
    a, b, m = rng.random(n, dtype=f), rng.random(n, dtype=f), rng.random((side, side), dtype=f)
    volume = CopyIn(rng.random((volume_side,) * 3, dtype=f))
    view = (i32(width), i32(width), volume, i32(volume_side), f(0.92), f(0.39), f(0.5))
    square, tiles = CopyOut(np.empty_like(m)), (side // 16, side // 16, 1)
    pixels = CopyOut(np.empty((width, width), f))
    summed = [CopyOut(a[:1024]), CopyIn(a[: n // 4]), i32(n // 4)]
    return [
        (
            "vector add, 1 M",
            "elementwise",
            ("vadd", [CopyOut(a), CopyIn(a), CopyIn(b), i32(n)], (256, 1, 1), (n // 256, 1, 1)),
        ),
        ("matmul naive, 256", "matmul", ("mm_naive", [square, CopyIn(m), CopyIn(m), i32(side)], (16, 16, 1), tiles)),
        ("matmul tiled, 256", "matmul", ("mm_tiled", [square, CopyIn(m), CopyIn(m), i32(side)], (16, 16, 1), tiles)),
        ("transpose padded, 256", "transpose", ("tr_pad", [square, CopyIn(m), i32(side)], (32, 8, 1), (8, 8, 1))),
        ("reduction, 256 K", "reduction", ("red_seq", summed, (256, 1, 1), (1024, 1, 1), 1024)),
        ("ray march, 64³ to 128²", "ray_march", ("mip", [pixels, *view], (16, 16, 1), (8, 8, 1))),
    ]


def report(name: str, file: str, launch: tuple[Any, ...], devices: dict[str, EngineDevice]) -> None:
    source = (KERNELS / f"{file}.cu").read_text()
    seen = devices[CHECKED].run(source, *launch).report
    assert seen is not None
    times = {build: least(partial(device.run, source, *launch)) for build, device in devices.items()}
    print(
        f"{name:24} fast {1e3 * times[FAST]:8.1f} ms, checked {1e3 * times[CHECKED]:8.1f} ms, "
        f"{1e9 * times[CHECKED] / seen.accesses:5.0f} ns for each of {seen.accesses:,} accesses"
    )


def beside_numba(device: EngineDevice) -> None:
    done = subprocess.run([sys.executable, "-c", SIMULATED], capture_output=True, text=True)
    if done.returncode:
        print(f"numba's simulator: not compared ({(done.stderr.strip() or 'no message').splitlines()[-1]})")
        return
    a, m = np.ones(1 << 14, f), np.ones((64, 64), f)
    launches: tuple[tuple[Any, ...], ...] = (
        ("vadd", [CopyOut(a), CopyIn(a), CopyIn(a), i32(a.size)], (256, 1, 1), (64, 1, 1)),
        ("mm_tiled", [CopyOut(m), CopyIn(m), CopyIn(m), i32(64)], (16, 16, 1), (4, 4, 1)),
    )
    for name, file, launch, simulated in zip(
        ("vector add, 16 K", "matmul tiled, 64"),
        ("elementwise", "matmul"),
        launches,
        map(float, done.stdout.split()),
        strict=True,
    ):
        source = (KERNELS / f"{file}.cu").read_text()
        ours = least(partial(device.run, source, *launch))
        theirs = f"numba's simulator {1e3 * simulated:8.1f} ms"
        print(f"{name:24} {theirs}, ours {1e3 * ours:.2f} ms: {simulated / ours:,.0f} times")


if __name__ == "__main__":
    main()
