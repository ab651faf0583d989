"""Flaws are edits of a right solution that are found once; what cannot be used is told with file and line."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from grader.catalogue import Exercise, load_catalogue
from grader.commands import main
from grader.proving.solutions import read_solutions
from tests.conftest import TINY

CATALOGUE = load_catalogue()
FLAWS = "solutions/01_tiny/double_all/double_all.flaws"
RIGHT = "list(pool.map(double, items))"


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "kit"))


def laid_out(kit: Path, flaws: str) -> str:
    """The flawed solution `wrong` of these flaws."""
    (kit / FLAWS).write_text(flaws)
    catalogue = load_catalogue(kit)
    return read_solutions(catalogue, catalogue.select(["double_all"])[0]).flawed["wrong"].decode()


@pytest.mark.parametrize("exercise", CATALOGUE.exercises, ids=lambda exercise: exercise.name)
def test_every_flaw_of_the_kit_can_be_laid_out(exercise: Exercise) -> None:
    solutions = read_solutions(CATALOGUE, exercise)
    right = {ast.unparse(ast.parse(source)) for source in solutions.right.values()}
    for flaw in solutions.flaws:
        module = ast.parse(solutions.flawed[flaw.name])
        said = f"{flaw.mistake}\n\ncaught_by: {flaw.check}\nverdict: {flaw.verdict}\n"
        assert ast.get_docstring(module, clean=False) == said
        assert ast.unparse(ast.Module(module.body[1:], [])) not in right


def test_edits_are_found_in_the_reference_below_its_docstring(kit: Path) -> None:
    reference = kit / "solutions/01_tiny/double_all/double_all.py"
    reference.write_text(f'"""\n        return {RIGHT}\n"""\n\n{reference.read_text()}')
    edit = f"@@\n         return {RIGHT}\n+    return 1\n@@\n-    with ThreadPoolExecutor(2) as pool:\n+    if items:"
    assert laid_out(kit, f"# test_values\n\n== wrong: fail\nIt may be left empty.\n\nOr not.\n{edit}") == (
        '"""It may be left empty.\n\nOr not.\n\ncaught_by: test_values\nverdict: fail\n"""\n\n'
        "from concurrent.futures import ThreadPoolExecutor\n\n\ndef double_all(items, double):\n"
        f"    if items:\n        return {RIGHT}\n    return 1\n"
    )


def test_an_empty_line_of_an_edit_is_empty_before_and_after(kit: Path) -> None:
    edit = "@@\n-from concurrent.futures import ThreadPoolExecutor\n\n\n def double_all(items, double):\n\n"
    text = laid_out(kit, f"# test_values\n\n== wrong: error\nNothing is imported.\n{edit}\n")
    assert text.endswith(
        f'"""\n\ndef double_all(items, double):\n    with ThreadPoolExecutor(2) as pool:\n        return {RIGHT}\n'
    )


def test_another_right_solution_can_be_changed(kit: Path) -> None:
    edit = "@@\n-import asyncio\n+import asyncio as anyio\n"
    text = laid_out(kit, f"# test_values\n\n== wrong: error (of alternatives/asyncio_threads)\nA name.\n{edit}")
    assert "import asyncio as anyio\n" in text and "asyncio.run" in text


def test_the_text_stands_there_where_edits_would_be_longer(kit: Path) -> None:
    text = laid_out(kit, '# test_values\n\n== wrong: fail\nSays """\\n""".\n--- whole\n\nx = 1\n\n# a comment\n\n\n')
    assert text.endswith('"""\n\nx = 1\n\n# a comment\n')
    assert (ast.get_docstring(ast.parse(text)) or "").startswith('Says """\\n""".\n')


HEAD = "# test_values\n\n== wrong: fail\nA mistake.\n"
ERRORS = {
    "an edit that matches nowhere": (f"{HEAD}@@\n-        return nothing\n", 5, "matches nowhere in reference"),
    "an edit that matches twice": (f"{HEAD}@@\n+import os\n \n", 5, "matches more than once in reference"),
    "an edit without a place": (f"{HEAD}@@\n+import os\n", 5, "no line by which its place is found"),
    "an edit that changes nothing": (f"{HEAD}@@\n         return {RIGHT}\n", 5, "changes nothing"),
    "edits of the same line": (
        f"{HEAD}@@\n-        return {RIGHT}\n@@\n     with ThreadPoolExecutor(2) as pool:\n-        return {RIGHT}\n",
        5,
        "this edit and another one change the same lines",
    ),
    "an unknown check": (
        HEAD.replace("values", "value") + "--- whole\nx = 1",
        3,
        "no check test_value; it names test_va",
    ),
    "an unknown verdict": (HEAD.replace("fail", "failed"), 3, "no verdict failed; there are fail, "),
    "a flaw that passes": (HEAD.replace("fail", "pass"), 3, "no verdict pass"),
    "an unknown base": (
        HEAD.replace(": fail", ": fail (of alternatives/ours)") + "--- whole\nx = 1",
        3,
        "no right solution alternatives/ours; there are reference, alternatives/asyncio_threads",
    ),
    "a second flaw of the same name": (
        f"{HEAD}--- whole\nx = 1\n\n# test_two_at_once\n\n== wrong: fail\nAnother mistake.\n--- whole\nx = 2\n",
        10,
        "a flaw called wrong already, in line 3",
    ),
    "a line that begins with none of the three": (f"{HEAD}@@\n-import os\nimport sys\n", 7, "a blank, `-` or `+`"),
    "places as diff writes them": (f"{HEAD}@@\n-import os\n@@ -1,2 +3,4 @@\n", 7, "a blank, `-` or `+`"),
    "a flaw before any check": ("\n== wrong: fail\nA mistake.\n", 2, "before any check"),
    "a line before any check": ("\nA mistake.\n", 2, "belongs to no flaw"),
    "a line before the first flaw": ("# test_values\nA mistake.\n", 2, "belongs to no flaw"),
    "a flaw without a sentence": (
        "# test_values\n\n== wrong: fail\n\n--- whole\nx = 1\n",
        3,
        "a sentence must say what",
    ),
    "a flaw without a change": (HEAD, 3, "neither an edit (@@) nor a text (--- whole)"),
    "an empty text": (f"{HEAD}--- whole\n\n", 3, "neither an edit (@@) nor a text (--- whole)"),
    "a heading that says too little": ("# test_values\n\n== wrong\n", 3, "a flaw begins with `== name: verdict`"),
    "a base that is no alternative": ("# test_values\n\n== wrong: fail (of stub)\n", 3, "a flaw begins with"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_each_error_is_one_sentence_with_file_and_line(
    name: str, kit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flaws, line, said = ERRORS[name]
    (kit / FLAWS).write_text(flaws)
    for command in ("flaws", "verify"):
        assert main([command, "--root", str(kit)]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith(f"grader {command}: {kit / FLAWS}, line {line}: ") and said in err, err


@pytest.mark.parametrize("name", ["double_all.py", "double_all.flaws", "alternatives/processes.py"])
def test_what_is_missing_is_named(name: str, kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (kit / FLAWS).with_name("double_all.py").parent.joinpath(name).unlink()
    assert main(["flaws", "--root", str(kit)]) == 2
    assert "needs double_all.py, at least two files in alternatives/, and double_all.flaws" in capsys.readouterr().err


def test_a_right_solution_that_is_no_python_is_named(kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = (kit / FLAWS).with_name("double_all.py")
    file.write_text("\ndef double_all(:\n")
    assert main(["flaws", "--root", str(kit)]) == 2
    assert f"{file}, line 2: this is not Python" in capsys.readouterr().err


def test_they_are_listed_by_check(kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flaws", "double_all", "--root", str(kit)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "double_all: 3 flaws",
        "  test_values",
        "    in_completion_order (fail): Results as they come.",
        "    lock_taken_twice (deadlock): A lock is taken twice.",
        "  test_two_at_once",
        "    serial (fail): One after the other.",
    ]


def test_they_are_laid_out_as_files(kit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["flaws", "--root", str(kit), "--write", str(tmp_path / "out")]) == 0
    assert "3 flawed solutions of 1 exercise in" in capsys.readouterr().out
    files = {file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*.py")}
    assert files == {f"{name}/double_all.py" for name in ("in_completion_order", "lock_taken_twice", "serial")}
    serial = (tmp_path / "out" / "serial" / "double_all.py").read_text()
    assert serial.startswith('"""One after the other.\n\ncaught_by: test_two_at_once\nverdict: fail\n"""\n')


def test_no_other_file_is_replaced(kit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "out" / "serial" / "double_all.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine\n")
    assert main(["flaws", "--root", str(kit), "--write", str(tmp_path / "out")]) == 2
    assert f"{mine} is there already" in capsys.readouterr().err
    assert list((tmp_path / "out").rglob("*.py")) == [mine]
    assert mine.read_text() == "mine\n"


def test_a_folder_that_cannot_be_written_is_named(
    kit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("a file\n")
    assert main(["flaws", "--root", str(kit), "--write", str(tmp_path / "out")]) == 2
    assert "out" in capsys.readouterr().err
