"""Hands in the whole kit, with its own hidden tests, exercise and limits in the places of ours, and no solution.

says: parallel_map.py still raises NotImplementedError
"""

from pathlib import Path

STUB = "def parallel_map(function, items, workers):\n    raise NotImplementedError\n"
PLANTED = {
    "exercises/01_target/parallel_map/parallel_map.py": STUB,
    "exercises/01_target/parallel_map/exercise.toml": "title = 'x'\nsummary = 'x'\ninterface = []\n[points]\n",
    "grader/suites/01_target/parallel_map/test_parallel_map.py": "def test_results(): pass\n",
    "grader/suites/01_target/parallel_map/scenarios.py": "import os; os._exit(0)\n",
    "grader/__init__.py": "import os; os._exit(0)\n",
    "solutions/01_target/test_parallel_map.py": "def test_results(): pass\n",
}


def build(folder: Path) -> None:
    for name, text in PLANTED.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
