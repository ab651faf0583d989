"""The exercises of topic 12 on a GPU, with real PyCUDA: `python -m tests.benchmarks.on_gpu`.

1. The public tests of each right solution.
2. The results of each reference: NumPy's, and those of the engine on the CPU.
3. How long its kernels take, by events, and how near that is to the roofline: a kernel can be no faster than the device
   copies memory, nor than it multiplies and adds, both measured here (S. Williams, A. Waterman, D. Patterson: Roofline,
   CACM 52(4), 2009).
4. What the engine on the CPU counts of the same launches, beside the profiler's counters, if `ncu` can read them.

Needs a GPU, real PyCUDA and the solutions; ends with 2 and one sentence where there is none.
"""

from __future__ import annotations

import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from grader.catalogue import Catalogue, Exercise, load_catalogue
from grader.checking.public_tests import run_public_tests
from grader.cuda import choice

from .workloads import Workload, agree, load, workloads

ROUNDS = 7
# Nsight Compute's name for each number that the engine counts: its kernel profiling guide, metrics of L1TEX.
COUNTERS = {
    "global loads": "l1tex__t_requests_pipe_lsu_mem_global_op_ld.sum",
    "sectors loaded": "l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum",
    "global stores": "l1tex__t_requests_pipe_lsu_mem_global_op_st.sum",
    "sectors stored": "l1tex__t_sectors_pipe_lsu_mem_global_op_st.sum",
}
CHAINS, TURNS = 8, 1 << 16  # of multiplications and additions that wait for each other, in each thread
PEAK = """
__global__ void multiply_and_add(float *out, float a, float b)
{
    float x[CHAINS];
    for (int k = 0; k < CHAINS; k++) x[k] = threadIdx.x + k;
    for (int n = 0; n < TURNS; n++)
        for (int k = 0; k < CHAINS; k++) x[k] = x[k] * a + b;
    float sum = 0;
    for (int k = 0; k < CHAINS; k++) sum += x[k];
    out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}
"""


def main() -> int:
    if choice.device() != choice.GPU:
        print(
            "on_gpu: there is no GPU that real PyCUDA can use here; docs/gpu.md says what is needed.", file=sys.stderr
        )
        return 2
    catalogue = load_catalogue()
    exercises = catalogue.select(["12_cuda_kernels"])
    import pycuda.autoinit  # noqa: PLC0415 - there is a GPU

    print(f"{pycuda.autoinit.device.name()}, compute capability {pycuda.autoinit.device.compute_capability()}")
    wrong = [*public_tests(catalogue, exercises), *results(catalogue, exercises)]
    speeds(catalogue, exercises)
    counters(exercises)
    print(f"{len(wrong)} wrong: {', '.join(wrong)}" if wrong else "all results are right")
    return 1 if wrong else 0


# ---------------------------------------------------------------- results


def public_tests(catalogue: Catalogue, exercises: list[Exercise]) -> Iterator[str]:
    """The names of solutions that do not pass."""
    for exercise in exercises:
        for file in [reference(catalogue, exercise), *sorted(folder(catalogue, exercise).glob("alternatives/*.py"))]:
            with tempfile.TemporaryDirectory() as place:
                run = run_public_tests(exercise, Path(shutil.copy(file, Path(place, f"{exercise.name}.py"))))
            if not run.passed:
                yield f"{exercise.name}/{file.stem} (public tests)"


def results(catalogue: Catalogue, exercises: list[Exercise]) -> Iterator[str]:
    """The names of references whose results are not those of NumPy and of the engine."""
    here, engine = outputs(catalogue, exercises), outputs_of_engine()
    for name, workload in workloads(small=True).items():
        others = [engine[name], *([workload.expected()] if workload.expected is not None else [])]
        if not all(agree(here[name], wanted, workload.within) for wanted in others):
            yield f"{name} (results)"


def outputs(catalogue: Catalogue, exercises: list[Exercise]) -> dict[str, np.ndarray]:
    small = workloads(small=True)
    return {e.name: np.asarray(small[e.name].call(load(e, reference(catalogue, e)))) for e in exercises}


def outputs_of_engine() -> dict[str, np.ndarray]:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place, "outputs.npz")
        on_the_cpu(f"on_gpu.save_outputs({str(file)!r})")
        with np.load(file) as saved:
            return dict(saved)


def save_outputs(file: str) -> None:
    catalogue = load_catalogue()
    np.savez(file, **outputs(catalogue, catalogue.select(["12_cuda_kernels"])))  # type: ignore[arg-type]


def on_the_cpu(program: str) -> str:
    """What a program prints in a process whose PyCUDA is the kit's own."""
    with tempfile.TemporaryDirectory() as place:
        path = os.pathsep.join([str(choice.DROPIN), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {"PYTHONPATH": path, "TMPDIR": place}
        command = [sys.executable, "-c", f"from tests.benchmarks import on_gpu; {program}"]
        return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


def reference(catalogue: Catalogue, exercise: Exercise) -> Path:
    return folder(catalogue, exercise) / f"{exercise.name}.py"


def folder(catalogue: Catalogue, exercise: Exercise) -> Path:
    assert catalogue.solutions is not None, "run this from a checkout"
    return catalogue.solutions / exercise.topic / exercise.name


# ---------------------------------------------------------------- speed


def speeds(catalogue: Catalogue, exercises: list[Exercise]) -> None:
    copied, computed = copy_bandwidth(), peak_arithmetic()
    print(f"copies {copied / 1e9:,.0f} GB/s, multiplies and adds {computed / 1e9:,.0f} GFLOP/s")
    large = workloads(small=False)
    for exercise in exercises:
        workload, module = large[exercise.name], load(exercise, reference(catalogue, exercise))
        seconds = kernel_seconds(module, workload)
        allowed = max(workload.bytes_moved / copied, workload.operations / computed)
        rates = f"{workload.bytes_moved / seconds / 1e9:8,.0f} GB/s {workload.operations / seconds / 1e9:8,.0f} GFLOP/s"
        print(f"{exercise.name:15} {1e3 * seconds:9.3f} ms {rates} {allowed / seconds:6.0%} of the roofline")


def kernel_seconds(module: Any, workload: Workload) -> float:
    """Of all launches of a call together; the median of several calls, behind one that compiles."""
    workload.call(module)
    taken = []
    for _ in range(ROUNDS):
        with timed_launches() as spans:
            workload.call(module)
        taken.append(sum(begin.time_till(end) for begin, end in spans) / 1e3)
    return float(statistics.median(taken))


@contextmanager
def timed_launches() -> Iterator[list[tuple[Any, Any]]]:
    """Events around each launch, without the copies that PyCUDA makes for it."""
    import pycuda.driver as drv  # noqa: PLC0415

    function: Any = drv.Function
    spans, launch = list[tuple[Any, Any]](), function._launch_kernel

    def timed(*arguments: Any) -> None:
        begin, end = drv.Event(), drv.Event()
        begin.record()
        launch(*arguments)
        end.record()
        spans.append((begin, end))

    function._launch_kernel = timed
    try:
        yield spans
        drv.Context.synchronize()
    finally:
        function._launch_kernel = launch


def copy_bandwidth() -> float:
    """Bytes read and written in a second."""
    import pycuda.driver as drv  # noqa: PLC0415

    size = 1 << 30
    one, other = drv.mem_alloc(size), drv.mem_alloc(size)
    best = min(_event_seconds(lambda: drv.memcpy_dtod(other, one, size)) for _ in range(ROUNDS))
    one.free()
    other.free()
    return 2 * size / best


def peak_arithmetic() -> float:
    """Operations in a second; a multiplication and an addition are two."""
    import pycuda.autoinit  # noqa: PLC0415
    import pycuda.driver as drv  # noqa: PLC0415
    from pycuda.compiler import SourceModule  # noqa: PLC0415

    blocks, threads = 32 * pycuda.autoinit.device.multiprocessor_count, 256
    module = SourceModule(f"#define CHAINS {CHAINS}\n#define TURNS {TURNS}\n{PEAK}")
    out, kernel = drv.mem_alloc(4 * blocks * threads), module.get_function("multiply_and_add")
    arguments = out, np.float32(0.999), np.float32(0.5)

    def launch() -> None:
        kernel(*arguments, block=(threads, 1, 1), grid=(blocks, 1))

    return 2 * CHAINS * TURNS * blocks * threads / min(_event_seconds(launch) for _ in range(ROUNDS))


def _event_seconds(call: Any) -> float:
    import pycuda.driver as drv  # noqa: PLC0415

    begin, end = drv.Event(), drv.Event()
    begin.record()
    call()
    end.record()
    end.synchronize()
    return float(begin.time_till(end)) / 1e3


# ---------------------------------------------------------------- counters


def counters(exercises: list[Exercise]) -> None:
    """For each exercise, what all launches of the small workload do: as counted on the CPU, and by the profiler."""
    if shutil.which("ncu") is None:
        print("the profiler's counters are not compared: there is no ncu on PATH")
        return
    for exercise in exercises:
        ours = {name: int(value) for name, value in _rows(on_the_cpu(f"on_gpu.print_counters({exercise.name!r})"))}
        theirs = profiled(exercise)
        if theirs is None:
            print("the profiler's counters are not compared: ncu cannot read them here")
            return
        both = ", ".join(f"{name} {ours[name]:,} / {theirs[name]:,}" for name in COUNTERS)
        print(f"{exercise.name:15} counted / profiled: {both}")


def print_counters(name: str) -> None:
    """Of the engine, a line each."""
    from grader.cuda import watching  # noqa: PLC0415 - decides which build PyCUDA runs
    from grader.cuda.reports import LaunchReport, Space  # noqa: PLC0415
    from grader.evidence.kernels import launch_reports, total  # noqa: PLC0415

    _, told = watching.watched(lambda: call_small(name))
    reports: list[LaunchReport] = launch_reports(told)
    for writes, request, sectors in (
        (False, "global loads", "sectors loaded"),
        (True, "global stores", "sectors stored"),
    ):
        print(f"{request},{total(reports, 'requests', Space.GLOBAL, writes)}")
        print(f"{sectors},{total(reports, 'sectors', Space.GLOBAL, writes)}")


def call_small(name: str) -> np.ndarray:
    catalogue = load_catalogue()
    exercise = catalogue.select([name])[0]
    return workloads(small=True)[name].call(load(exercise, reference(catalogue, exercise)))


def profiled(exercise: Exercise) -> Counter[str] | None:
    """The same as Nsight Compute counts it; None if it cannot."""
    program = f"from tests.benchmarks import on_gpu; on_gpu.call_small({exercise.name!r})"
    metrics = ",".join(COUNTERS.values())
    command = ["ncu", "--csv", "--print-units", "base", "--clock-control", "none", "--metrics", metrics]
    command += [sys.executable, "-c", program]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    rows = list(csv.DictReader(line for line in done.stdout.splitlines() if line.startswith('"')))
    if done.returncode or not rows:
        return None
    names = {metric: name for name, metric in COUNTERS.items()}
    counted = Counter[str]()
    for row in rows:
        if row["Metric Name"] in names:
            counted[names[row["Metric Name"]]] += int(float(row["Metric Value"].replace(",", "")))
    return counted


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines()))


if __name__ == "__main__":
    sys.exit(main())
