"""Hands in an honest solution beside modules that are named like everything the solution and the harness import.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
"""

from pathlib import Path

ENDS = "import os; print('PLANTED'); os._exit(0)\n"
NAMES = ["grader/__init__", "grader/player/serve", "concurrent/__init__", "concurrent/futures/__init__", "queue", "os"]
NAMES += ["scenarios", "pytest", "_pytest/__init__", "encodings/__init__", "sitecustomize", "__main__", "test_x"]
HONEST = """
from concurrent.futures import ThreadPoolExecutor

def parallel_map(function, items, workers):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
"""


def build(folder: Path) -> None:
    (folder / "parallel_map.py").write_text(HONEST)
    for name in NAMES:
        file = folder / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(ENDS)
