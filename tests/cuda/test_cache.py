"""What is compiled is kept, until something changes of what it was made from."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.cuda import compiler
from grader.cuda.compiler import FAST, NATIVE, build_kernel, build_runtime, find_compiler, native_code
from grader.cuda.source import translate

TOUCHES = 30


@pytest.fixture
def native(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the engine's native code, which is built in its place."""
    folder = Path(shutil.copytree(NATIVE, tmp_path / "native"))
    monkeypatch.setattr(compiler, "NATIVE", folder)
    return folder


def change(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\n")


def rename(file: Path) -> None:
    file.rename(file.with_name(f"{file.name}_"))


def move(file: Path) -> None:
    (file.parent / "deeper").mkdir()
    file.rename(file.parent / "deeper" / file.name)


CHANGES: list[Callable[[Path], None]] = [change, rename, move, Path.unlink]


def test_every_change_of_every_file_counts(native: Path, tmp_path: Path) -> None:
    rng, before = random.Random(13), native_code(native)
    for n in range(TOUCHES):
        copy = Path(shutil.copytree(native, tmp_path / str(n)))
        file, what = rng.choice(sorted(file for file in copy.rglob("*") if file.is_file())), rng.choice(CHANGES)
        assert native_code(copy) == before
        what(file)
        assert native_code(copy) != before, f"{file.relative_to(copy)}: {what.__name__}"


def test_bytecode_does_not_count(native: Path) -> None:
    before = native_code(native)
    (native / "__pycache__").mkdir()
    (native / "__pycache__" / "x.pyc").write_bytes(b"")
    assert native_code(native) == before


def test_a_changed_header_makes_another_runtime_and_other_kernels(native: Path, cache: Path) -> None:
    before = built(cache)
    assert built(cache) == before
    change(native / "headers" / "math.h")
    assert not built(cache) & before
    (native / "headers" / "without_a_dot").write_text("")
    assert len(before | built(cache)) == 4


def test_so_does_another_compiler(cache: Path) -> None:
    here = find_compiler()
    other = replace(here, version=f"{here.version} of another day")
    assert build_runtime(FAST, other, cache) != build_runtime(FAST, here, cache)


def built(cache: Path) -> set[Path]:
    """A runtime and a kernel that runs on it."""
    runtime = build_runtime(FAST, find_compiler(), cache)
    kernel = build_kernel(translate("__global__ void k() {}", True, ()), runtime, FAST, (), cache)
    return {runtime, kernel}
