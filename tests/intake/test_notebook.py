"""Notebooks: which cells are an exercise's code, and what becomes of lines meant for IPython."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake import SourceFile, read_submissions
from grader.intake.notebook import Cell, as_python, exercise_cells
from grader.intake.tree import RefusedError

EXERCISES = ["bank", "fetch_all"]
WANTED = {name: name for name in EXERCISES}


def notebook(*cells: str | list[str], **more: Any) -> bytes:
    code = [{"cell_type": "code", "source": cell, "outputs": []} for cell in cells]
    return json.dumps({"cells": code, "nbformat": 4, **more}).encode()


def taken(root: Path, name: str, data: bytes) -> dict[str, SourceFile]:
    (root / name).write_bytes(data)
    (submission,) = read_submissions([root], EXERCISES)
    return submission.files


def only(source: str) -> str:
    """What becomes of a cell's source."""
    return python(notebook(source)).decode()


def python(data: bytes) -> bytes:
    """The source of a notebook named after the exercise `bank`."""
    source, _ = as_python(exercise_cells(data, "bank", WANTED)["bank"])
    return source


def test_markers_share_out_the_cells(tmp_path: Path) -> None:
    cells: list[str | list[str]] = [
        "import asyncio",
        "# exercise: bank\nx = 1",
        ["x", " = 2"],
        "#exercise: fetch_all  \ny = 1",
        "# Exercise: other\nz = 1",
        "\n# exercise: bank\nx = 3",
    ]
    files = taken(tmp_path, "lab.ipynb", notebook(*cells))
    assert files["bank"].source == b"import asyncio\n# exercise: bank\nx = 1\nx = 2\n\n# exercise: bank\nx = 3\n"
    assert files["bank"].origin == "lab.ipynb cells 1, 2, 3, 6"
    assert files["fetch_all"].source == b"import asyncio\n#exercise: fetch_all  \ny = 1\n"


def test_without_a_marker_the_name_of_the_notebook_decides(tmp_path: Path) -> None:
    assert taken(tmp_path, "bank.ipynb", notebook("x = 1", "y = 2"))["bank"].source == b"x = 1\ny = 2\n"


def test_markers_overrule_the_name(tmp_path: Path) -> None:
    assert set(taken(tmp_path, "bank.ipynb", notebook("# exercise: fetch_all"))) == {"fetch_all"}


def test_text_cells_and_outputs_are_left_out() -> None:
    data = json.dumps({"cells": [{"cell_type": "markdown", "source": "# exercise: bank"}, {"cell_type": "code"}, 3]})
    assert exercise_cells(data.encode(), "bank", WANTED) == {"bank": [Cell(2, "")]}


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ("%matplotlib inline", "pass  # %matplotlib inline"),
        ("!pip install x", "pass  # !pip install x"),
        ("if x:\n    !ls", "if x:\n    pass  # !ls"),
        ("files = !ls", "pass  # files = !ls"),
        ("t = %timeit -o f()", "pass  # t = %timeit -o f()"),
        ("fetch_all?", "pass  # fetch_all?"),
        ("?bank.Account", "pass  # ?bank.Account"),
        ("!echo a \\\n  b\nx = 1", "pass  # !echo a \\\n#   b\nx = 1"),
        ("%%time\nx = 1", "pass  # %%time\nx = 1"),
        ("%%bash\nls\nx", "# %%bash\n# ls\n# x"),
    ],
)
def test_lines_for_ipython_become_comments_on_the_same_line(line: str, becomes: str) -> None:
    assert only(line) == f"{becomes}\n"


@pytest.mark.parametrize(
    "source",
    [
        'text = """\n%s\n!important\n"""',
        "text = '''it's\n%d\n'''",
        "x = (7\n%modulus)",
        "x = 7 \\\n%modulus",
        "x = 'a\\\n%s'",
        "a != b",
        "# is this it?\ny = x % z",
        "s = '#'; t = [\n%u]",
        "s = ''  # an empty (\nx = {\n'a':\n%b}",
    ],
)
def test_python_that_looks_like_ipython_is_left_alone(source: str) -> None:
    assert only(source) == f"{source}\n"


def test_what_was_taken_out_is_remarked(tmp_path: Path) -> None:
    assert "2" in taken(tmp_path, "bank.ipynb", notebook("%time x\n!ls"))["bank"].note


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"nonsense",
        b'{"worksheets": []}',
        b'{"cells": {}}',
        b"[" * 100_000,
        b'{"cells":' * 50_000,
        b"\xff\xfe",
        b'{"cells": ' + b"9" * 10_000 + b"}",
    ],
)
def test_what_is_no_notebook_is_refused(tmp_path: Path, data: bytes) -> None:
    for name in ("bank.ipynb", "lab.ipynb"):
        with pytest.raises(RefusedError, match="not a Jupyter notebook"):
            exercise_cells(data, "bank", WANTED)
        assert "not a Jupyter notebook" in taken(tmp_path, name, data)["bank"].refused


def test_a_notebook_with_huge_outputs_is_refused(tmp_path: Path) -> None:
    data = notebook("x = 1", metadata="x" * (50 << 20))
    assert "larger than 8 MiB; clear its outputs" in taken(tmp_path, "bank.ipynb", data)["bank"].refused


def test_outputs_of_ordinary_size_do_no_harm(tmp_path: Path) -> None:
    data = notebook("x = 1", metadata="x" * (5 << 20))
    assert taken(tmp_path, "bank.ipynb", data)["bank"].source == b"x = 1\n"


def test_markers_do_not_multiply_what_lies_before_them(tmp_path: Path) -> None:
    cells = ["#" * 1000] * 500 + [f"# exercise: e{n}" for n in range(500)]
    tracemalloc.start()
    try:
        taken(tmp_path, "lab.ipynb", notebook(*cells, "# exercise: bank"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 << 20


def test_too_much_code_is_refused(tmp_path: Path) -> None:
    assert "more than 1 MiB" in taken(tmp_path, "bank.ipynb", notebook("#" * (2 << 20)))["bank"].refused


@given(st.lists(st.text(alphabet="ab \n%!?='\"#\\()[]{}\ud800", max_size=60), min_size=1, max_size=4))
def test_every_line_keeps_its_number(cells: list[str]) -> None:
    source = python(notebook(*cells)).decode(errors="surrogatepass")
    expected = [line for cell in cells for line in cell.split("\n")]
    for line, original in zip(source.split("\n"), [*expected, ""], strict=True):
        assert line == original or original.strip() in line


json_values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["cells", "source", "cell_type", "code"]), inner),
)


@given(json_values)
def test_any_json_is_a_notebook_or_refused(value: Any) -> None:
    for document in (value, {"cells": value}):
        try:
            found = exercise_cells(json.dumps(document).encode(), "bank", WANTED)
        except RefusedError:
            continue
        assert set(found) <= set(EXERCISES)
