"""PyCUDA's own tests pass on the drop-in, but for those that conformance.toml names.

They are fetched when they are needed and are no part of this repository.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from .dropin import environment

VERSION = "2026.1"
FILES = ["test_driver.py", "test_gpuarray.py", "test_cumath.py"]
KNOWN: dict[str, str] = tomllib.loads(Path(__file__).with_name("conformance.toml").read_text())["failing"]
LEAST_SHARE = 0.9  # of all tests, those included that PyCUDA itself skips, as for textures since CUDA 12

pytestmark = pytest.mark.slow


def _pip(*command: str) -> None:
    """Skips where the registry or pip cannot be had."""
    done = subprocess.run([sys.executable, "-m", "pip", *command], capture_output=True, text=True, timeout=400)
    if done.returncode:
        pytest.skip(f"pip {command[0]} failed: {(done.stderr.strip() or done.stdout.strip()).splitlines()[-1]}")


@pytest.fixture(scope="session")
def tests_of_pycuda() -> Path:
    """The folder with PyCUDA's tests, kept for the next time."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "concurrency-kit"
    kept = caches / f"pycuda-{VERSION}"
    tests = kept / f"pycuda-{VERSION}" / "test"
    if not tests.is_dir():
        kept.mkdir(parents=True, exist_ok=True)
        _pip("download", f"pycuda=={VERSION}", "--no-deps", "--no-binary", "pycuda", "--dest", str(kept))
        with tarfile.open(kept / f"pycuda-{VERSION}.tar.gz") as archive:
            archive.extractall(kept, filter="data")
    return tests


@pytest.fixture(scope="session")
def pytools(tests_of_pycuda: Path) -> Path:
    """The folder of the one package that PyCUDA's tests import besides."""
    folder = tests_of_pycuda.parents[1] / f"pytools-{sys.version_info.major}.{sys.version_info.minor}"
    if not folder.is_dir():
        _pip("install", "--target", str(folder), "pytools")
    return folder


def _outcomes(report: Path) -> dict[str, str]:
    """Of each test: passed, skipped or failed."""
    outcomes = {}
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = {child.tag for child in case}
        module, *within = case.attrib["classname"].split(".")
        name = "::".join([f"{module}.py", *within, case.attrib["name"]])
        outcomes[name] = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
    return outcomes


@pytest.mark.parametrize("build", ["fast", "checked"])
def test_pycudas_own_tests_pass(tests_of_pycuda: Path, pytools: Path, build: str, cache: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tests_of_pycuda)]
    variables = environment(build, cache)
    variables["PYTHONPATH"] += os.pathsep + str(pytools)
    done = subprocess.run(
        [*command, f"--junitxml={report}", *FILES],
        cwd=tests_of_pycuda,
        env=variables,
        capture_output=True,
        text=True,
        timeout=540,
    )
    assert report.exists(), done.stdout[-3000:] + done.stderr[-3000:]
    outcomes = _outcomes(report)
    failing = {name for name, outcome in outcomes.items() if outcome == "failed"}
    passing = list(outcomes.values()).count("passed")
    print(f"{build}: {passing} of {len(outcomes)} pass, {len(failing)} fail, the others are skipped by PyCUDA itself")
    assert failing == set(KNOWN), done.stdout[-3000:]
    assert passing >= LEAST_SHARE * len(outcomes)
