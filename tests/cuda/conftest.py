"""The two builds of the engine, where this machine has a compiler."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cuda.compiler import CHECKED, FAST, CompilerMissingError, find_compiler

from .bench import BenchDevice


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        find_compiler()
    except CompilerMissingError as e:
        pytest.skip(str(e))
    return tmp_path_factory.mktemp("cuda")


@pytest.fixture(scope="session")
def checked(cache: Path) -> BenchDevice:
    return BenchDevice(CHECKED, cache)


@pytest.fixture(scope="session")
def fast(cache: Path) -> BenchDevice:
    return BenchDevice(FAST, cache)
