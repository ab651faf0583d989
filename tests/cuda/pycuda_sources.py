"""PyCUDA's own tests and examples. They are fetched when they are needed, and are no part of this repository."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

VERSION = "2026.1"


def pip(*command: str) -> None:
    """Skips where the registry or pip cannot be had."""
    done = subprocess.run([sys.executable, "-m", "pip", *command], capture_output=True, text=True, timeout=400)
    if done.returncode:
        pytest.skip(f"pip {command[0]} failed: {(done.stderr.strip() or done.stdout.strip()).splitlines()[-1]}")


def fetched() -> Path:
    """PyCUDA's source, kept for the next time."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "concurrency-kit"
    kept = caches / f"pycuda-{VERSION}"
    source = kept / f"pycuda-{VERSION}"
    if not source.is_dir():
        kept.mkdir(parents=True, exist_ok=True)
        pip("download", f"pycuda=={VERSION}", "--no-deps", "--no-binary", "pycuda", "--dest", str(kept))
        with tarfile.open(kept / f"pycuda-{VERSION}.tar.gz") as archive:
            archive.extractall(kept, filter="data")
    return source


def pytools(source: Path) -> Path:
    """The folder of the one package that they import besides."""
    folder = source.parent / f"pytools-{sys.version_info.major}.{sys.version_info.minor}"
    if not folder.is_dir():
        pip("install", "--target", str(folder), "pytools")
    return folder
