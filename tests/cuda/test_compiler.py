"""Which compiler is found, by the kit and inside the sandbox, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.catalogue import load_catalogue
from grader.cuda.compiler import CompilerMissingError, find_compiler, find_compiler_of_players
from grader.judging.judge import Suite
from grader.results import Verdict
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.packages import PackageMissingError
from grader.sandbox.sandbox import Sandbox
from tests.rungs import usable_rungs

from .dropin import run_program


@pytest.fixture
def without_zig(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.cuda.compiler._zig", list)
    monkeypatch.delenv("CXX", raising=False)


@pytest.mark.usefixtures("without_zig")
def test_players_without_a_compiler_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(CompilerMissingError, match=r"pip install 'concurrency-kit\[cuda-cpu\]'"):
        find_compiler_of_players(str(tmp_path))


@pytest.mark.usefixtures("without_zig")
def test_what_players_cannot_have_is_said_before_they_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.sandbox.provision.PATH", str(tmp_path))
    rung = next(iter(usable_rungs().values())).rung
    with Sandbox(find_interpreter(), rung) as sandbox, pytest.raises(PackageMissingError, match="needs a C"):
        sandbox.player(tmp_path, packages=frozenset(["pycuda"]))


@pytest.mark.parametrize("build", ["fast", "checked"])
def test_fibers_of_the_c_library_do_the_same(build: str, cache: Path) -> None:
    """Those of processors that the kit knows no switch for."""
    program = """
import numpy as np, pycuda.autoinit, pycuda.driver as drv
from pycuda.compiler import SourceModule
source = '''__global__ void k(int *out) {
    __shared__ int s[64];
    s[threadIdx.x] = threadIdx.x;
    __syncthreads();
    int there = s[63 - threadIdx.x];
    out[threadIdx.x] = there + __shfl_xor_sync(0xffffffff, there, 1);
}'''
out = np.zeros(64, np.int32)
SourceModule(source).get_function("k")(drv.Out(out), block=(64, 1, 1))
print(out.tolist() == [63 - n + 63 - (n ^ 1) for n in range(64)])
"""
    compiler = " ".join(find_compiler().command)
    done = run_program(program, build, cache, CXX=f"{compiler} -DCK_PORTABLE")
    assert done.stdout.split() == ["True"], done.stderr


@pytest.mark.parametrize("rung", usable_rungs())
def test_zig_compiles_for_players_where_the_system_has_no_compiler(
    rung: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usable = usable_rungs()[rung]
    if usable.rung.unavailable:
        pytest.skip(usable.rung.unavailable)
    pytest.importorskip("ziglang", reason="pip install 'concurrency-kit[cuda-cpu]'")
    monkeypatch.setattr("grader.sandbox.provision.PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    catalogue = load_catalogue()
    exercise = catalogue.select(["vector_add"])[0]
    assert catalogue.solutions is not None
    source = (catalogue.solutions / exercise.topic / exercise.name / f"{exercise.name}.py").read_bytes()
    with Sandbox(usable.interpreter, usable.rung) as sandbox:
        result = Suite.collect(exercise).judge(source, sandbox, seed=1)
    assert result.verdict is Verdict.PASS, (result.message, [check.message for check in result.checks])
