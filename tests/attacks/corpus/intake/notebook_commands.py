"""Hands in a notebook that talks to the shell in every way IPython knows, and to the page it is shown on.

verdict: error fail
"""

import json
from pathlib import Path

CELLS = [
    "!touch /tmp/attack-shell",
    "%%bash\ntouch /tmp/attack-bash",
    "%run /tmp/attack.py\n%load_ext attack\nfiles = !ls /",
    "%%html\n<script>attack()</script>",
    "def parallel_map(function, items, workers):\n    !touch /tmp/attack-inside\n    return []",
    "get_ipython().system('touch /tmp/attack-ipython')",
]


def build(folder: Path) -> None:
    cells = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in CELLS]
    (folder / "parallel_map.ipynb").write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}))
