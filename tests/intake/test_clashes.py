"""Students whose names look the same, to a reader or a file system, keep results of their own and are told apart."""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.errors import InputError
from grader.intake import Submission, read_submissions
from grader.intake.clashes import _folded, distinct_students, result_folders
from grader.intake.names import shown

EXERCISES = ["bank"]
COMPOSED, DECOMPOSED = "Zo\u00eb", "Zoe\u0308"
ALIKE = [
    ["ana", "ANA", "Ana"],
    [COMPOSED, DECOMPOSED],
    ["\ufb01nn", "finn"],  # a ligature
    ["\uff41na", "ana"],  # a letter of full width
    ["Stra\u00dfe", "strasse"],
    ["a\u0323\u0307", "a\u0307\u0323"],  # two marks, in either order
    ["a:b", "a_b"],
    ["- dash", "dash"],
    ["dot.", "dot"],
    ["blank", " blank", "blank ", "blank\N{EM SPACE}"],
    ["in between", "in  between"],
]


def names_of(many: Iterable[Submission]) -> list[str]:
    return [one.student for one in many]


def hand_in(root: Path, names: Iterable[str]) -> Path:
    """A class in which each wrote his own name into his file."""
    for name in names:
        (root / name).mkdir(parents=True)
        (root / name / "bank.py").write_bytes(name.encode())
    return root


def digest(name: str, digits: int = 8) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:digits]


@pytest.mark.parametrize("alike", ALIKE, ids=ascii)
def test_each_keeps_a_folder_and_a_name_of_his_own(tmp_path: Path, alike: list[str]) -> None:
    found = read_submissions([hand_in(tmp_path, alike)], EXERCISES)
    assert {one.files["bank"].source.decode() for one in found} == set(alike)
    assert len({_folded(one.folder) for one in found}) == len({one.student for one in found}) == len(alike)


@pytest.mark.parametrize("alike", [*ALIKE[:6], *ALIKE[-2:]], ids=ascii)
def test_the_instructor_is_told(tmp_path: Path, alike: list[str]) -> None:
    for one in read_submissions([hand_in(tmp_path, alike)], EXERCISES):
        note = " ".join(one.notes)
        assert f"students/{one.folder}" in note or ascii(one.files["bank"].source.decode()) in note


def test_it_says_which_of_two_equal_names_is_whose(tmp_path: Path) -> None:
    found = read_submissions([hand_in(tmp_path, [COMPOSED, DECOMPOSED])], EXERCISES)
    assert {one.student: one.files["bank"].source.decode() for one in found} == {
        COMPOSED: COMPOSED,
        f"{COMPOSED} ({digest(DECOMPOSED)})": DECOMPOSED,
    }
    assert {note for one in found for note in one.notes} == {
        f"{COMPOSED} is the name of several hand-ins; this one is called {name!a} there."
        for name in (COMPOSED, DECOMPOSED)
    }


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_reading_has_no_part_in_it(tmp_path: Path, order: int) -> None:
    paths = sorted(hand_in(tmp_path, ["ana", "ANA", COMPOSED, DECOMPOSED]).iterdir())
    found = read_submissions(paths[::order], EXERCISES)
    whose = {one.files["bank"].source.decode(): (one.student, one.folder) for one in found}
    assert whose["ana"] == ("ana", f"ana-{digest('ana')}")
    assert whose["ANA"] == ("ANA", f"ANA-{digest('ANA')}")
    assert whose[DECOMPOSED][0] == f"{COMPOSED} ({digest(DECOMPOSED)})"


def test_others_keep_their_folders(tmp_path: Path) -> None:
    found = {one.student: one for one in read_submissions([hand_in(tmp_path, ["ana", "ANA", "bo"])], EXERCISES)}
    assert (found["bo"].folder, found["bo"].notes) == ("bo", [])


def test_a_zip_beside_a_folder_of_the_same_name_is_told_apart(tmp_path: Path) -> None:
    hand_in(tmp_path, ["ana", "bo"])
    with zipfile.ZipFile(tmp_path / "ana.zip", "w") as archive:
        archive.writestr("bank.py", "zipped")
    found = read_submissions([tmp_path], EXERCISES)
    assert set(names_of(found)) == {"ana", "bo", f"ana ({digest('ana.zip')})"}
    assert len({one.folder for one in found}) == 3
    notes = [note for one in found for note in one.notes]
    assert any("'ana.zip'" in note for note in notes) and any("'ana'" in note for note in notes)


def test_names_alike_within_an_archive_of_the_class_are_told_apart(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in (DECOMPOSED, COMPOSED, "ana", "ANA"):
            archive.writestr(f"{name}/bank.py", name)
    (tmp_path / "class.zip").write_bytes(buffer.getvalue())
    found = read_submissions([tmp_path / "class.zip"], EXERCISES)
    assert {one.files["bank"].source.decode() for one in found} == {DECOMPOSED, COMPOSED, "ana", "ANA"}
    assert len({_folded(one.folder) for one in found}) == len(set(names_of(found))) == 4


def test_the_very_same_name_in_two_places_is_the_instructors_to_decide(tmp_path: Path) -> None:
    paths = [hand_in(tmp_path / place, ["kim"]) for place in ("a", "b")]
    with pytest.raises(InputError, match=r"kim is found twice, in .*a/kim and .*b/kim"):
        read_submissions(paths, EXERCISES)


HARD = [
    *("results.json", "gradebook.sqlite", "index.html", "index", ".lock", "report", "students", "traces", "report.css"),
    *(
        "CON",
        "aux.txt",
        "COM1",
        "%2f",
        "%2e%2e",
        "..a",
        "a..",
        "a ",
        " a",
        "-rf",
        "--out",
        "~",
        "$HOME",
        "a;b",
        "'",
        '"',
    ),
    *(
        "a\nb",
        "a\tb",
        "\x1b[31m",
        "a\u202eb",
        "\u200b",
        "\ufeff",
        "\U0001f600",
        "\u0301",
        "\u115f",
        "\U000e0041",
        "<b>",
        "a\\b",
    ),
    *("x" * 255, "\u00eb" * 127, "\U0001f600" * 63, "김" * 85),
]


def test_hard_names_become_folders_and_stop_nobody(tmp_path: Path) -> None:
    names = [name for name in HARD if not name.startswith(".") and name not in {"a\\b"}]
    found = read_submissions([hand_in(tmp_path, [*names, "zoe"])], EXERCISES)
    assert len(found) == len(names) + 1
    for one in found:
        assert one.student.isprintable()
        (tmp_path / "out" / one.folder).mkdir(parents=True)
        assert len(os.fsencode(f"{one.folder}.html")) < 100
    assert found[-1].files or any(one.student == "zoe" and one.files for one in found)


@given(st.lists(st.text(max_size=100).map(shown) | st.sampled_from(HARD).map(shown), unique=True))
@example(["CON", f"CON-{digest('CON')}", f"CON-{digest('CON', 16)}", f"CON-{digest('CON', 32)}"])
@example(["ana", "ANA", f"ana-{digest('ana')}", f"ANA-{digest('ana')}", f"ana-{digest('ANA', 16)}"])
def test_no_choice_of_names_makes_two_folders_one(students: list[str]) -> None:
    folders = result_folders(students)
    assert list(folders) == students
    assert len({_folded(folder) for folder in folders.values()}) == len(students)
    assert all(len(os.fsencode(folder)) <= 100 and folder[0] not in ".- " for folder in folders.values())
    assert all("/" not in folder and "\\" not in folder and folder.isprintable() for folder in folders.values())


def test_no_choice_of_names_makes_two_students_one() -> None:
    found = {COMPOSED: COMPOSED, DECOMPOSED: COMPOSED}
    imitations = [f"{COMPOSED} ({digest(name, digits)})" for name in found for digits in (8, 16, 32)]
    names = found | {name: name for name in imitations}
    for order in itertools.islice(itertools.permutations(names), 50):
        students = distinct_students({name: names[name] for name in order})
        assert len(set(students.values())) == len(names)
        assert students[COMPOSED] == COMPOSED != students[DECOMPOSED]
