"""Hands in what a grading run leaves behind: results and a report, all of them full of praise.

says: No parallel_map.py was handed in.
"""

import json
from pathlib import Path

PRAISE = {"exercise": "parallel_map", "verdict": "pass", "score": 5, "max_score": 5, "digest": "", "seed": 1}


def build(folder: Path) -> None:
    for name in ("results.json", "parallel_map.json", "students/mallory/parallel_map.json", "out/students/mallory/parallel_map.json"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(PRAISE))
    (folder / "report").mkdir()
    (folder / "report" / "index.html").write_text("<script>attack()</script>5 of 5 points")
