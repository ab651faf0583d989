"""A folder or file exchanged for a link while a class is read, at any moment: nobody gets what lies behind."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from grader import nofollow
from grader.intake import Submission, read_submissions, tree
from grader.nofollow import open_nofollow

EXERCISES = ["bank"]
OWN, REFERENCE = b"balance = 0\n", b"balance = 42  # the reference\n"
_READS = 200


@pytest.fixture(params=["openat2", "part by part"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "part by part":
        monkeypatch.setattr(nofollow, "NUMBERS", {})


@pytest.fixture
def school(tmp_path: Path) -> Path:
    for name, source in {"alice": OWN, "mallory/hw": OWN, "zoe": OWN}.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "bank.py").write_bytes(source)
    for folder in ("solution", "solution/hw"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "bank.py").write_bytes(REFERENCE)
    return tmp_path


def exchange(path: Path, target: Path) -> None:
    """Atomic, as an attacker would."""
    link = path.with_name(f".{path.name}")
    link.symlink_to(target)
    path.rename(path.with_name(f".moved-{path.name}"))
    link.rename(path)


def exchanging_at(moment: int, act: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Has `act` done just before the file or folder opened as the `moment`-th. Returns what grows with each opening."""
    opened: list[int] = []

    def opening(path: Path, flags: int) -> int:
        if len(opened) == moment:
            act()
        opened.append(moment)
        return open_nofollow(path, flags)

    monkeypatch.setattr("grader.intake.tree.open_nofollow", opening)
    return opened


def sources(submissions: list[Submission]) -> dict[str, bytes]:
    return {one.student: file.source for one in submissions for file in one.files.values()}


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("exchanged", "target"),
    [("mallory", "solution"), ("mallory/hw", "solution"), ("mallory/hw/bank.py", "solution/bank.py")],
)
def test_an_exchange_at_any_moment_gives_nothing_away(
    school: Path, exchanged: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = school / "class"
    for moment in count():
        with monkeypatch.context() as patch:
            opened = exchanging_at(moment, lambda: exchange(folder / exchanged, school / target), patch)
            submissions = read_submissions([folder], EXERCISES)
        if len(opened) <= moment:
            break
        found = sources(submissions)
        assert (found["alice"], found["zoe"]) == (OWN, OWN)
        assert found.get("mallory", b"") in {OWN, b""}
        assert REFERENCE not in found.values()
        _undo(folder / exchanged)
    assert moment > 4, "each folder and file is opened by the function that was replaced"


def _undo(path: Path) -> None:
    path.unlink()
    path.with_name(f".moved-{path.name}").rename(path)


@pytest.mark.usefixtures("way")
def test_one_that_was_exchanged_is_refused_in_a_sentence(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = school / "class"
    hw = folder / "mallory" / "hw"
    read = tree._read_disk

    def exchanged_first(path: Path, limit: int) -> bytes:
        if path.parent == hw:
            exchange(hw, school / "solution")
        return read(path, limit)

    monkeypatch.setattr(tree, "_read_disk", exchanged_first)
    [mallory] = [one for one in read_submissions([folder], EXERCISES) if one.student == "mallory"]
    assert mallory.files["bank"].refused == (
        "hw/bank.py is a symbolic link, or lies behind one; links are not followed."
    )


def test_a_race_in_earnest_gives_nothing_away(school: Path) -> None:
    folder = school / "class"
    hw, link = folder / "mallory" / "hw", folder / "mallory" / ".link"
    over = threading.Event()

    def exchange_all_the_time() -> None:
        link.symlink_to(school / "solution")
        while not over.is_set():
            hw.rename(hw.with_name(".away"))
            link.rename(hw)
            hw.rename(link)
            hw.with_name(".away").rename(hw)

    racing = threading.Thread(target=exchange_all_the_time)
    racing.start()
    try:
        for _ in range(_READS):
            found = sources(read_submissions([folder], EXERCISES))
            assert found["alice"] == found["zoe"] == OWN
            assert REFERENCE not in found.values()
    finally:
        over.set()
        racing.join()


def test_a_huge_file_is_refused_by_its_size(school: Path) -> None:
    sparse = school / "class" / "mallory" / "hw" / "bank.py"
    os.truncate(sparse, 1 << 40)
    [mallory] = [one for one in read_submissions([school / "class"], EXERCISES) if one.student == "mallory"]
    assert "larger than 1 MiB" in mallory.files["bank"].refused
