"""Any hand-in is taken or refused in words: nothing is written, nothing else is read, no more than the caps allow."""

from __future__ import annotations

# The encodings now, or the audit sees Python load them.
import encodings.cp437
import encodings.utf_8_sig  # noqa: F401
import json
import os
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.errors import InputError
from grader.intake import Submission, read_submissions
from grader.intake.search import MAX_SOURCE, MAX_SUBMISSION

from .archives import Archive, Member, archives, write
from .effort import effort
from .mutations import mutated

pytestmark = pytest.mark.slow

EXERCISES = ["bank", "fetch_all"]
# A notebook's code is capped in characters, not bytes, and a line for IPython grows: see test_finds.py.
MOST_SOURCE = 5 * MAX_SOURCE
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate"}


class Audit:
    """While `root` is set, notes every look at a file outside it, and every change to any file."""

    def __init__(self) -> None:
        self.root: str | None = None
        self.trespasses: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.root is None:
            return
        named = event in {"open", "os.scandir"} and not isinstance(arguments[0], int)  # a number is already open
        if named and not str(arguments[0]).startswith(self.root):
            self.trespasses.append(f"{event} {arguments[0]}")
        if event in _CHANGES or (event == "open" and arguments[2] & _WRITING) or event.startswith("subprocess"):
            self.trespasses.append(f"{event} {arguments}")

    @contextmanager
    def of(self, root: Path) -> Iterator[None]:
        self.root, self.trespasses = str(root), []
        try:
            yield
        finally:
            self.root = None
        assert self.trespasses == []


AUDIT = Audit()


@pytest.fixture(autouse=True, scope="module")
def unpacked() -> Iterator[list[int]]:
    """How many bytes came out of archives, read by read."""
    sizes: list[int] = []
    read = zipfile.ZipExtFile.read

    def counting(self: zipfile.ZipExtFile, size: int | None = -1) -> bytes:
        data = read(self, size)
        sizes.append(len(data))
        return data

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zipfile.ZipExtFile, "read", counting)
        yield sizes


def taken(files: dict[str, bytes], given_path: str = "") -> list[Submission]:
    """What intake makes of a folder with these files, or of one of them; none if it says in words why not."""
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "class"
        for name, data in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        with AUDIT.of(root):
            try:
                submissions = read_submissions([root / given_path], EXERCISES)
            except InputError as error:
                assert str(root / given_path) in str(error)
                assert is_plain(str(error)) and str(error).endswith(".")
                return []
    are_in_order(submissions)
    return submissions


def are_in_order(submissions: list[Submission]) -> None:
    folders = [submission.folder.casefold() for submission in submissions]
    assert len(set(folders)) == len(folders)
    for submission in submissions:
        assert is_safe_folder(submission.folder)
        assert len(submission.notes) <= 21
        assert all(is_plain(text) for text in [submission.student, *submission.notes])
        assert set(submission.files) <= set(EXERCISES)
        for file in submission.files.values():
            assert all(is_plain(text) for text in (file.origin, file.note, file.refused))
            assert not (file.source and file.refused)
            assert len(file.source) <= (MOST_SOURCE if ".ipynb" in file.origin else MAX_SOURCE)


def is_plain(text: str) -> bool:
    """Fit for one line of a terminal."""
    return all(unicodedata.category(char) not in {"Cc", "Cf", "Cs"} for char in text)


def is_safe_folder(name: str) -> bool:
    return 0 < len(name.encode()) <= 80 and not set(name) & set("/\\\0:") and name not in {".", ".."}


# ------------------------------------------------------------------ archives


@effort(250)
@given(archives() | mutated(archives()))
def test_any_archive_given_by_the_instructor(data: bytes) -> None:
    taken({"given.zip": data}, "given.zip")


@effort(250)
@given(archives() | mutated(archives()))
def test_any_archive_of_one_in_a_class(data: bytes) -> None:
    submissions = taken({"mallory/hw.zip": data, "alice/bank.py": b"balance = 0\n"})
    assert [submission.student for submission in submissions] == ["alice", "mallory"]
    assert submissions[0].files["bank"].source == b"balance = 0\n"


@effort(60)
@given(st.dictionaries(st.sampled_from(["a.zip", "b.zip", "x_1_assignsubmission_file_.zip"]), archives(), min_size=1))
def test_any_class_of_archives(files: dict[str, bytes]) -> None:
    taken(files)


_ZEROS = {size: bytes(size << 20) for size in (2, 9, 17)}
_BOMBS = st.tuples(st.sampled_from(["bank.py", "bank.ipynb", "lab.ipynb", "inner.zip"]), st.sampled_from(list(_ZEROS)))


@effort(6)
@example([("lab.ipynb", 9)] * 40)
@example([("inner.zip", 17)] * 40)
@given(st.lists(_BOMBS, min_size=1, max_size=40))
def test_bombs_are_unpacked_within_the_caps(unpacked: list[int], bombs: list[tuple[str, int]]) -> None:
    members = [Member(f"{number}/{name}".encode(), _ZEROS[size]) for number, (name, size) in enumerate(bombs)]
    unpacked.clear()
    taken({"mallory/hw.zip": write(Archive(members)), "alice/bank.py": b"balance = 0\n"})
    failed_reads = 16  # each costs a sixteenth of its limit
    piece = 1 << 16
    assert sum(unpacked) <= (failed_reads + 1) * (MAX_SUBMISSION + piece) + 2 * MAX_SOURCE


# ------------------------------------------------------------------ notebooks

_LINES = st.one_of(
    st.sampled_from(
        ["# exercise: bank\n", "# exercise: fetch_all\n", "# exercise: other\n", "%%bash\n", "%time x\n", "!ls \\\n"]
    ),
    st.sampled_from(["x = '''\n", "f(\n", ")\n", "x?\n", "\n", "\ud800\n", "\U0001f600", "\r", "# \\\n"]),
    st.text(max_size=20),
)
_SOURCES = st.lists(_LINES, max_size=6).map("".join) | st.lists(_LINES, max_size=6)
_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), _SOURCES)
_KEYS = st.sampled_from(["cells", "cell_type", "source", "metadata", "nbformat", "worksheets", "x"])
_JSON = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=15
)
_CELLS = st.fixed_dictionaries({"cell_type": st.just("code"), "source": _SOURCES}) | _JSON
_NOTEBOOKS = st.one_of(
    st.fixed_dictionaries({"cells": st.lists(_CELLS, max_size=6), "nbformat": st.just(4)}), _JSON
).map(lambda data: json.dumps(data).encode())


@effort(300)
@given(_NOTEBOOKS | mutated(_NOTEBOOKS) | st.binary(max_size=100), st.sampled_from(["bank.ipynb", "lab.ipynb"]))
def test_any_notebook(data: bytes, name: str) -> None:
    submissions = taken({f"mallory/{name}": data, "alice/bank.py": b"balance = 0\n"})
    assert [submission.student for submission in submissions] == ["alice", "mallory"]


@effort(100)
@given(st.lists(_SOURCES, min_size=1, max_size=5))
def test_the_code_of_a_notebook_keeps_its_lines(cells: list[str | list[str]]) -> None:
    code = [{"cell_type": "code", "source": cell} for cell in cells]
    submissions = taken({"mallory/bank.ipynb": json.dumps({"cells": code}).encode()})
    assert len(submissions) <= 1
    lines = sum("".join(cell).count("\n") + 1 for cell in cells)
    for submission in submissions:
        if "bank" in submission.files and "exercise:" not in str(cells).lower():
            assert submission.files["bank"].source.count(b"\n") == lines
