"""PyCUDA's own tests pass on the drop-in, but for those that conformance.toml names."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.sampling import drawn

from .dropin import environment
from .pycuda_sources import fetched, pytools

FILES = ["test_driver.py", "test_gpuarray.py", "test_cumath.py"]
KNOWN: dict[str, str] = tomllib.loads(Path(__file__).with_name("conformance.toml").read_text())["failing"]
LEAST_SHARE = 0.9  # of all tests, those included that PyCUDA itself skips, as for textures since CUDA 12

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def source() -> Path:
    return fetched()


def _outcomes(report: Path) -> dict[str, str]:
    """Of each test: passed, skipped or failed."""
    outcomes = {}
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = {child.tag for child in case}
        module, *within = case.attrib["classname"].split(".")
        name = "::".join([f"{module}.py", *within, case.attrib["name"]])
        outcomes[name] = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
    return outcomes


@pytest.mark.parametrize("build", drawn(["fast", "checked"], 1, "conformance"))
def test_pycudas_own_tests_pass(source: Path, build: str, cache: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(source / "test")]
    variables = environment(build, cache)
    variables["PYTHONPATH"] += os.pathsep + str(pytools(source))
    done = subprocess.run(
        [*command, f"--junitxml={report}", *FILES],
        cwd=source / "test",
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
