"""The script for GPUs, as far as it can go without one; and what solutions compile to there."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from grader.catalogue import Exercise, load_catalogue
from grader.cuda import choice
from tests.benchmarks import on_gpu
from tests.benchmarks.workloads import agree, load, workloads

EXERCISES = load_catalogue().select(["12_cuda_kernels"])
WORKLOADS = workloads(small=True)


def test_there_is_work_for_each_exercise() -> None:
    assert set(WORKLOADS) == {exercise.name for exercise in EXERCISES}


def test_the_engine_computes_what_is_compared_with() -> None:
    outputs = on_gpu.outputs_of_engine()
    assert set(outputs) == set(WORKLOADS)
    for name, workload in WORKLOADS.items():
        assert workload.expected is None or agree(outputs[name], workload.expected(), workload.within), name


def test_the_engine_counts_what_is_profiled() -> None:
    told = dict(line.split(",") for line in on_gpu.on_the_cpu("on_gpu.print_counters('vector_add')").splitlines())
    warps = (1 << 14) // 32
    wanted = {
        "global loads": 2 * warps,
        "sectors loaded": 8 * warps,
        "global stores": warps,
        "sectors stored": 4 * warps,
    }
    assert {name: int(value) for name, value in told.items()} == wanted == dict.fromkeys(on_gpu.COUNTERS) | wanted


def test_without_a_gpu_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    if choice.device() == choice.GPU:
        pytest.skip("there is a GPU here: run python -m tests.benchmarks.on_gpu")
    assert on_gpu.main() == 2
    assert "no GPU" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_references_are_right_for_nvcc(exercise: Exercise, tmp_path: Path) -> None:
    """What the engine accepts as CUDA C, CUDA's own compiler accepts, without a warning."""
    if shutil.which("nvcc") is None:
        pytest.skip("there is no nvcc")
    file = on_gpu.reference(load_catalogue(), exercise)
    program = f"from tests.cuda.test_on_gpu import print_sources; print_sources({exercise.name!r}, {str(file)!r})"
    for source in json.loads(on_gpu.on_the_cpu(program)):
        kernel = tmp_path / f"{file.stem}.cu"
        kernel.write_text(source)
        command = ["nvcc", "-cubin", "-arch=sm_80", "-o", str(tmp_path / "cubin"), str(kernel)]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
        assert (done.returncode, done.stderr) == (0, "")


def print_sources(name: str, file: str) -> None:
    """What a solution compiles for the workload, as a compiler for a GPU takes it."""
    from grader.cuda.watching import recorded  # noqa: PLC0415 - decides which build PyCUDA runs

    exercise = load_catalogue().select([name])[0]
    _, told = recorded(lambda: WORKLOADS[name].call(load(exercise, Path(file))))
    wrapped = {
        f'extern "C" {{\n{launch["source"]}\n}}\n' if launch["extern_c"] else launch["source"]
        for launch in told["launches"]
    }
    print(json.dumps(sorted(wrapped)))
