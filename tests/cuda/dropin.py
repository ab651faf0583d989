"""The drop-in as a student's program finds it: at the front of the path."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
DROPIN = CHECKOUT / "grader" / "cuda" / "dropin"

# Tests import it as students do, before anything of it is used.
pytest.importorskip("numpy")
sys.path.insert(0, str(DROPIN))
if "CK_CUDA_CACHE" not in os.environ:
    os.environ["CK_CUDA_CACHE"] = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, os.environ["CK_CUDA_CACHE"], ignore_errors=True)


def environment(build: str, cache: Path) -> dict[str, str]:
    """In which a Python finds the drop-in with this build."""
    path = os.pathsep.join(map(str, [DROPIN, CHECKOUT]))
    return {**os.environ, "PYTHONPATH": path, "CK_CUDA_BUILD": build, "CK_CUDA_CACHE": str(cache)}


def run_program(program: str, build: str, cache: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A student's program, in a Python of its own, with `more` in its environment."""
    variables = environment(build, cache) | more
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=variables, timeout=120)
