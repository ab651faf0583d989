"""Whose hand-in is what, and which file is taken for an exercise: the shapes instructors really have."""

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import InputError
from grader.intake import Submission, read_submissions
from grader.intake.names import result_folder, shown

EXERCISES = ["fetch_all", "bank"]
SOURCE = b"def fetch_all(): ...\n"


def write(root: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def read(*paths: Path) -> dict[str, Submission]:
    return {submission.student: submission for submission in read_submissions(paths, EXERCISES)}


def origins(submissions: Mapping[str, Submission]) -> dict[str, dict[str, str]]:
    return {
        student: {name: file.origin for name, file in submission.files.items()}
        for student, submission in submissions.items()
    }


CLASSES = {
    "folders": {
        "alice/hw3/fetch_all.py": SOURCE,
        "김민수/fetch_all.py": SOURCE,
        "roster.csv": b"",
        "bo/README": b"",
    },
    "zips": {
        "alice.zip": zipped({"hw3/fetch_all.py": SOURCE}),
        "김민수.zip": zipped({"fetch_all.py": SOURCE}),
        "bo.zip": zipped({}),
    },
    "folders with zips": {
        "alice/hw.zip": zipped({"fetch_all.py": SOURCE}),
        "김민수/work.zip": zipped({"deep/er/fetch_all.py": SOURCE}),
        "bo/notes.txt": b"sorry",
    },
    "numbered like topics": {
        "01_x/readme.md": b"",
        "alice/fetch_all/fetch_all.py": SOURCE,
        "김민수/fetch_all/fetch_all.py": SOURCE,
        "bo/x.md": b"",
    },
}


@pytest.mark.parametrize("shape", CLASSES)
@pytest.mark.parametrize("packed", [False, True], ids=["on disk", "in a zip"])
@pytest.mark.parametrize("wrapper", ["", "hw3/"], ids=["bare", "wrapped"])
def test_a_class_is_recognised(tmp_path: Path, shape: str, packed: bool, wrapper: str) -> None:
    files = CLASSES[shape]
    if packed:
        inside = {f"{wrapper}{name}": data for name, data in files.items()}
        write(tmp_path, {"class.zip": zipped({**inside, "__MACOSX/x": b""})})
        found = read(tmp_path / "class.zip")
    else:
        found = read(write(tmp_path / "class" / wrapper, files))
    assert found["alice"].files["fetch_all"].source == SOURCE
    assert found["김민수"].files["fetch_all"].source == SOURCE
    assert found["bo"].files == {}, "one who handed in nothing still appears"
    assert "bank" not in found["alice"].files


SINGLE = {
    "flat": {"fetch_all.py": SOURCE, "bank.py": b"pass", "old/fetch_all.py": b"old"},
    "workspace": {"01_threads/bank/bank.py": b"pass", "02_async/fetch_all/fetch_all.py": SOURCE},
    "by exercise": {"bank/bank.py": b"pass", "fetch_all/fetch_all.py": SOURCE},
    "checkout": {".git/HEAD": b"", ".git/bank.py": b"no", "a/bank.py": b"pass", "a/fetch_all.py": SOURCE},
}


@pytest.mark.parametrize("shape", SINGLE)
@pytest.mark.parametrize("packed", [False, True], ids=["on disk", "in a zip"])
def test_one_students_work_is_recognised(tmp_path: Path, shape: str, packed: bool) -> None:
    path = tmp_path / "alice"
    if packed:
        path = path.with_suffix(".zip")
        path.write_bytes(zipped(SINGLE[shape]))
    else:
        write(path, SINGLE[shape])
    (alice,) = read_submissions([path], EXERCISES)
    assert alice.student == alice.folder == "alice"
    assert {name: file.source for name, file in alice.files.items()} == {"fetch_all": SOURCE, "bank": b"pass"}


def test_a_wrapping_folder_in_one_students_zip_is_no_student(tmp_path: Path) -> None:
    write(tmp_path, {"alice.zip": zipped({"hw3-main/src/fetch_all.py": SOURCE, "hw3-main/docs/a.md": b""})})
    assert origins(read(tmp_path / "alice.zip")) == {"alice": {"fetch_all": "hw3-main/src/fetch_all.py"}}


def test_single_files_belong_to_the_folder_they_lie_in(tmp_path: Path) -> None:
    write(tmp_path, {"alice/fetch_all.py": SOURCE, "alice/bank.py": b"pass", "bob/bank.py": b"pass"})
    found = read(*(tmp_path / name for name in ("alice/fetch_all.py", "alice/bank.py", "bob/bank.py")))
    assert {student: set(one.files) for student, one in found.items()} == {
        "alice": {"fetch_all", "bank"},
        "bob": {"bank"},
    }


def test_the_current_folder_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path / "alice", {"bank.py": b"pass"}))
    assert set(read(Path())) == {"alice"}


BULK = {
    "moodle": (
        {
            "Kim Minsu_123456_assignsubmission_file_/hw/fetch_all.py": SOURCE,
            "Kim Minsu_123456_assignsubmission_onlinetext_/onlinetext.html": b"",
            "Ann O'Neil_77_assignsubmission_file_bank.py": SOURCE,
            "Bo Li_78_assignsubmission_onlinetext/onlinetext.html": b"",
        },
        {
            "Kim Minsu_123456": {"fetch_all": "hw/fetch_all.py"},
            "Ann O'Neil_77": {"bank": "bank.py"},
            "Bo Li_78": {},
        },
    ),
    "canvas": (
        {
            "kimminsu_12_900_fetch_all.py": b"first",
            "kimminsu_12_901_fetch_all-2.py": SOURCE,
            "kimminsu_12_902_fetch_all-1.py": b"second",
            "oneilann_LATE_13_903_bank-10.py": SOURCE,
            "oneilann_LATE_13_904_bank-9.py": b"ninth",
            "li_14_905_work-1.zip": zipped({"bank.py": SOURCE}),
        },
        {
            "kimminsu_12": {"fetch_all": "fetch_all.py"},
            "oneilann_13": {"bank": "bank.py"},
            "li_14": {"bank": "work.zip/bank.py"},
        },
    ),
    "blackboard": (
        {
            "gradebook_CS1_HW_3_kim_attempt_2026-03-01-10-00-00.txt": b"Name: Kim",
            "gradebook_CS1_HW_3_kim_attempt_2026-03-01-10-00-00_fetch_all.py": b"first",
            "gradebook_CS1_HW_3_kim_attempt_2026-03-02-09-00-00_fetch_all.py": SOURCE,
            "gradebook_CS1_HW_3_bo_attempt_2026-03-01-10-00-00.txt": b"Name: Bo",
        },
        {"kim": {"fetch_all": "fetch_all.py"}, "bo": {}},
    ),
}


@pytest.mark.parametrize("platform", BULK)
@pytest.mark.parametrize("packed", [False, True], ids=["unpacked", "as downloaded"])
def test_bulk_downloads_name_the_student(tmp_path: Path, platform: str, packed: bool) -> None:
    files, expected = BULK[platform]
    if packed:
        path = tmp_path / "download.zip"
        path.write_bytes(zipped(files))
    else:
        path = write(tmp_path / "download", files)
    found = read(path)
    assert origins(found) == expected
    assert {file.source for one in found.values() for file in one.files.values()} == {SOURCE}


def test_a_replaced_upload_is_remarked(tmp_path: Path) -> None:
    write(tmp_path, {"kim_1_2_bank.py": b"1", "kim_1_3_bank-1.py": b"2"})
    assert read(tmp_path)["kim_1"].notes == ["kim_1_2_bank.py was replaced by a later upload."]


def test_single_files_of_a_bulk_download_name_the_student(tmp_path: Path) -> None:
    write(tmp_path, {"kim_1_2_bank.py": SOURCE, "li_2_3_work.zip": zipped({"bank.py": SOURCE})})
    assert set(read(*tmp_path.iterdir())) == {"kim_1", "li_2"}


def test_the_solution_nearest_to_the_top_wins(tmp_path: Path) -> None:
    alice = write(tmp_path / "alice", {"a/b/bank.py": b"deep", "z/bank.py": SOURCE, "fetch_all.py": b""})
    submission = read(alice)["alice"]
    assert submission.files["bank"].source == SOURCE
    assert submission.notes == ["a/b/bank.py was not used, because z/bank.py comes first."]


def test_two_equally_near_solutions_are_refused_by_name(tmp_path: Path) -> None:
    file = read(write(tmp_path / "class", {"alice/a/bank.py": SOURCE, "alice/b/bank.py": SOURCE}))["alice"].files[
        "bank"
    ]
    assert file.source == b""
    assert "a/bank.py and b/bank.py" in file.refused


@pytest.mark.parametrize("name", ["Bank.py", "bank (1).py", "BANK(2).PY", "bank - Copy.py", "bank copy.py"])
def test_a_name_that_is_almost_right_is_taken_with_a_note(tmp_path: Path, name: str) -> None:
    file = read(write(tmp_path / "alice", {name: SOURCE}))["alice"].files["bank"]
    assert (file.source, file.origin) == (SOURCE, name)
    assert name in file.note


def test_the_exact_name_wins_over_one_that_is_almost_right(tmp_path: Path) -> None:
    bank = write(tmp_path / "alice", {"bank (1).py": b"", "hw/bank.py": SOURCE})
    assert read(bank)["alice"].files["bank"].origin == "hw/bank.py"


def test_several_names_that_are_almost_right_are_refused(tmp_path: Path) -> None:
    bank = write(tmp_path / "alice", {"bank (1).py": b"", "bank (2).py": SOURCE})
    assert "bank (1).py and bank (2).py" in read(bank)["alice"].files["bank"].refused


def test_only_what_an_exercise_names_is_taken(tmp_path: Path) -> None:
    ignored = [
        "__pycache__/bank.py",
        ".venv/bank.py",
        "env/pyvenv.cfg",
        "env/Lib/bank.py",
        "node_modules/bank.py",
    ]
    kit = ["test_bank.py", "conftest.py", "fetch_all.py"]
    (submission,) = read(write(tmp_path / "alice", dict.fromkeys([*ignored, *kit, "helpers.py"], b""))).values()
    assert set(submission.files) == {"fetch_all"}
    assert submission.notes == ["Not needed for any exercise being graded: helpers.py."]


def test_a_virtual_environment_around_the_work_hides_only_itself(tmp_path: Path) -> None:
    names = ["alice/pyvenv.cfg", "alice/lib/bank.py", "alice/hw/bank.py"]
    assert origins(read(write(tmp_path, dict.fromkeys(names, b"")))) == {"alice": {"bank": "hw/bank.py"}}


def test_a_source_is_left_as_it_is(tmp_path: Path) -> None:
    for source in (b"# coding: euc-kr\nx = '\xb1\xe8'\r\n", b"\x00\xff\xfe", b""):
        assert read(write(tmp_path / "alice", {"bank.py": source}))["alice"].files["bank"].source == source


def test_names_written_by_macos_are_read(tmp_path: Path) -> None:
    class_zip = zipped({"A/bank.py": SOURCE, "B/bank.py": SOURCE})
    decomposed = "é".encode()
    raw = zipped({"XX/bank.py": SOURCE, "B/bank.py": SOURCE}).replace(b"XX/bank.py", decomposed + b"/bank.py")
    write(tmp_path, {"one.zip": class_zip, "two.zip": raw})
    assert set(read(tmp_path / "two.zip")) == {"é", "B"}


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "no hand-in"),
        ({"roster.csv": b"a"}, "no hand-in"),
    ],
)
def test_trouble_with_the_request_is_one_sentence(tmp_path: Path, files: dict[str, bytes], says: str) -> None:
    tmp_path.joinpath("class").mkdir()
    with pytest.raises(InputError, match=says) as caught:
        read(write(tmp_path / "class", files))
    assert str(tmp_path / "class") in str(caught.value)


def test_a_student_in_two_places_is_reported_with_both(tmp_path: Path) -> None:
    write(tmp_path, {"a/kim/bank.py": b"", "b/kim/bank.py": b""})
    with pytest.raises(InputError, match=r"a/kim and .*b/kim"):
        read(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize("name", ["missing", "nul\0byte", "x" * 5000, "notes.txt", "broken.zip", "link", "other.py"])
def test_a_path_that_cannot_be_used_is_named(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"notes.txt": b"", "broken.zip": b"PK", "other.py": b"", "real/bank.py": b""})
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(InputError) as caught:
        read(tmp_path / name)
    assert name[:3] in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.lists(st.text(max_size=120).map(shown), unique_by=lambda name: shown(name).casefold()))
def test_result_folders_are_safe_and_distinct(students: list[str]) -> None:
    folders = [result_folder(student) for student in students]
    assert len({folder.casefold() for folder in folders}) == len(folders)
    for folder in folders:
        assert folder
        assert folder == shown(folder) == os.path.basename(folder)  # noqa: PTH119
        assert folder[0] not in ".- "
        assert len(folder.encode()) <= 100
        assert result_folder(folder) == folder, "a safe name is left alone"


@pytest.mark.parametrize(
    "device", ["CON", "con.a", "CON .txt", "nul", "AUX.tar.gz", "COM1", "lpt9.x", "COM¹", "CONIN$"]
)
def test_no_folder_is_called_like_a_device(device: str) -> None:
    assert result_folder(device) != device


def test_an_ordinary_name_is_left_alone() -> None:
    assert result_folder("Ann O'Neil_77") == "Ann O'Neil_77"
