"""A launch that was recorded runs again in another process, at the same addresses, and is seen to do the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.cuda.compiler import CHECKED
from grader.cuda.device import plain
from grader.cuda.records import Records, alone, unpacked
from grader.cuda.reports import LaunchReport

from .bench import BenchDevice, CopyIn, CopyOut
from .launches import CASES, Planted, f, i32

AGAIN = """
import json, sys
from pathlib import Path
from grader.cuda.compiler import CHECKED
from grader.cuda.engine import Engine
from grader.cuda.records import run_again

def text(value):
    return value.hex() if isinstance(value, bytes) else value

def value(data):
    if isinstance(data, list):
        return [value(item) for item in data]
    if isinstance(data, dict):
        return bytes.fromhex(data["hex"]) if set(data) == {"hex"} else {key: value(item) for key, item in data.items()}
    return data

engine = Engine(CHECKED, Path(sys.argv[1]))
try:
    print(json.dumps(run_again(engine, value(json.load(sys.stdin))), default=text))
except (LookupError, TypeError, ValueError, MemoryError) as e:
    print(json.dumps({"refused": type(e).__name__}))
"""


def recorded(case: Planted, cache: Path) -> tuple[dict[str, Any], LaunchReport]:
    """What is written down of a launch here, and what is seen of it here."""
    device, records = BenchDevice(CHECKED, cache), Records()
    device.engine.before_launch = records.add
    ran = device.run(case.file, case.kernel, case.arguments, case.block, case.grid, case.shared, case.constants)
    assert ran.report is not None
    return alone(records.plain, 0), ran.report


def again(told: dict[str, Any], cache: Path) -> dict[str, Any]:
    """The same in a process of its own."""
    data = json.dumps(told, default=lambda value: {"hex": value.hex()})
    done = subprocess.run([sys.executable, "-c", AGAIN, str(cache)], input=data, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("kernel", ["vadd", "mm_tiled_nosync2", "hist_noinit", "sten", "red_lastblock", "nobody_wrote"])
def test_the_same_is_seen_elsewhere(kernel: str, cache: Path) -> None:
    told, report = recorded(next(case for case in CASES if case.kernel == kernel), cache)
    assert again(told, cache)["report"] == plain(report)


def test_what_the_kernel_left_is_told(cache: Path) -> None:
    a, b = np.arange(100, dtype=f), np.ones(100, f)
    arguments = [CopyOut(np.zeros(100, f)), CopyIn(a), CopyIn(b), i32(100)]
    told, _ = recorded(Planted("elementwise", "vadd", arguments, (128, 1, 1)), cache)
    left = [unpacked([bytes.fromhex(chunk) for chunk in chunks]) for chunks in again(told, cache)["left"]]
    assert (a + b).tobytes() in left


def test_nothing_is_believed_that_is_no_record(cache: Path) -> None:
    told, _ = recorded(next(case for case in CASES if case.kernel == "vadd"), cache)
    for change in (
        {"kernel": "another"},
        {"values": [*told["values"], b"more"]},
        {"values": told["values"][:-1]},
        {"grid": [1, 1]},
        {"buffers": [{**told["buffers"][0], "address": 4096}]},
        {"buffers": [{**told["buffers"][0], "content": len(told["contents"])}]},
        {"contents": [[b"no zlib"] for _ in told["contents"]]},
        {"buffers": [*told["buffers"], told["buffers"][0]]},
        {"variables": {"none": 0}},
    ):
        assert "refused" in again({**told, **change}, cache), change


def test_content_in_common_is_handed_over_once(cache: Path) -> None:
    device, records = BenchDevice(CHECKED, cache), Records()
    device.engine.before_launch = records.add
    case = next(case for case in CASES if case.kernel == "vadd")
    for _ in range(3):
        device.run(case.file, case.kernel, case.arguments, case.block, case.grid, case.shared, case.constants)
    parts = [
        buffer[part]
        for launch in records.plain["launches"]
        for buffer in launch["buffers"]
        for part in ("content", "written")
    ]
    assert len(records.plain["contents"]) <= len(parts) / 2
