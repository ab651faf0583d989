"""Hands in notebooks whose JSON is nested without end, holds endless numbers, or is of the wrong shape everywhere.

verdict: error
"""

from pathlib import Path

NOTEBOOKS = {
    "deep.ipynb": "[" * 1_000_000,
    "number.ipynb": '{"cells": ' + "9" * 4_000_000 + "}",
    "float.ipynb": '{"cells": 0.' + "1" * 1_000_000 + "e-99999}",
    "shape.ipynb": '{"cells": [1, null, {"cell_type": "code", "source": {"a": 1}}, {"cell_type": "code", "source": [[]]}]}',
    "keys.ipynb": '{"cells": [], "cells": {"cell_type": "code"}, "__class__": 1}',
    "text.ipynb": '{"cells": [{"cell_type": "code", "source": "# exercise: parallel_map\\n\\ud800 = 1"}]}',
}


def build(folder: Path) -> None:
    for name, text in NOTEBOOKS.items():
        (folder / name).write_text(text)
