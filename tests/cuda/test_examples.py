"""PyCUDA's own examples run in the checked build, and nothing is found in them that would be a false alarm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from .dropin import environment
from .pycuda_sources import fetched, pytools

NOT_RUN: dict[str, str] = tomllib.loads(Path(__file__).with_name("examples.toml").read_text())["not_run"]
AT_LEAST = 18  # examples that are run
# The examples of 2026.1 lack the import that opens the device.
RUN = """
import json, runpy, sys, threading
import pycuda.autoinit
from pycuda import _device
from grader.cuda.reports import essential

runpy.run_path(sys.argv[1], run_name="__main__")
for thread in set(threading.enumerate()) - {threading.main_thread()}:
    thread.join()
found = [f"{report.kernel}: {finding}" for report in _device.reports for finding in essential(report.findings)]
found += [f"{report.kernel}: {report.failure}" for report in _device.reports if report.failure]
print("\\0" + json.dumps(found))
"""

pytestmark = pytest.mark.slow


def test_nothing_is_found_in_pycudas_examples(cache: Path, tmp_path: Path) -> None:
    source = fetched()
    examples = source / "examples"
    wanted = sorted({file.relative_to(examples).as_posix() for file in examples.rglob("*.py")} - set(NOT_RUN))
    assert len(wanted) >= AT_LEAST
    variables = environment("checked", cache)
    variables["PYTHONPATH"] += os.pathsep + str(pytools(source))
    for name in wanted:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", RUN, str(examples / name)],
            cwd=tmp_path,
            env=variables,
            input="\n" * 9,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, (name, done.stderr[-2000:])
        assert json.loads(done.stdout.rpartition("\0")[2]) == [], name
