"""Hands in `conftest.py`, `pytest.ini`, `sitecustomize.py`, a `.pth` and more beside the solution, all of them hostile."""

from pathlib import Path

ENDS = "import os; print('PLANTED'); os._exit(0)\n"
PLANTED = {
    "conftest.py": ENDS,
    "pytest.ini": "[pytest]\naddopts = --collect-only\n",
    "sitecustomize.py": ENDS,
    "usercustomize.py": ENDS,
    "evil.pth": "import os; os._exit(0)\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--collect-only'\n",
    "__init__.py": ENDS,
    "json.py": ENDS,
    "threading.py": ENDS,
    "parallel_map.py": "def parallel_map(function, items, workers):\n    return []\n",
}


def build(folder: Path) -> None:
    for name, text in PLANTED.items():
        (folder / name).write_text(text)
