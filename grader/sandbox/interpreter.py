"""The Python that runs student code: where it lies and what of it the sandbox shows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from grader.errors import InputError

_ASK = """
import json, os, sys
print(json.dumps({"executable": os.path.realpath(sys.executable), "prefix": os.path.realpath(sys.base_prefix),
  "exec_prefix": os.path.realpath(sys.base_exec_prefix), "version": sys.version_info[:3],
  "64 bits": sys.maxsize > 1 << 32}))
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An installed CPython. Paths have no symbolic links in them."""

    executable: str
    version: str
    prefixes: tuple[str, ...]


def find_interpreter(executable: str | None = None) -> Interpreter:
    """The interpreter behind `executable` (default: the one running now). Raises InputError."""
    command = executable or sys.executable
    try:
        asked = subprocess.run([command, "-I", "-S", "-c", _ASK], capture_output=True, timeout=300, check=True)
        answer = json.loads(asked.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as e:
        raise InputError(f"--python {command} is not a Python interpreter that starts here ({e}).") from e
    if tuple(answer["version"][:2]) < (3, 11):
        raise InputError(f"--python {command} is Python {_dotted(answer['version'])}; the kit needs 3.11 or newer.")
    if not answer["64 bits"]:
        raise InputError(f"--python {command} is a Python of 32 bits; the kit needs one of 64 bits.")
    prefixes = dict.fromkeys((answer["prefix"], answer["exec_prefix"]))
    return Interpreter(answer["executable"], _dotted(answer["version"]), tuple(prefixes))


def _dotted(version: list[int]) -> str:
    return ".".join(str(part) for part in version)


def installed_packages(prefix: str) -> list[str]:
    """Folders of third-party packages below a prefix: covered in the sandbox, as the kit may be installed there."""
    root = Path(prefix)
    patterns = ("lib/python3*/site-packages", "lib/python3*/dist-packages", "lib64/python3*/site-packages")
    found = {path for pattern in patterns for path in (*root.glob(pattern), *root.glob("local/" + pattern))}
    return sorted(str(path) for path in found if path.is_dir() and not os.path.islink(path))
