"""Hand-ins made to break the grader: each is refused in a sentence, and the rest of the class is read."""

import io
import os
import socket
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import InputError
from grader.intake import Submission, read_submissions
from grader.intake.search import MAX_ENTRIES, MAX_SOURCE, MAX_SUBMISSION
from grader.nofollow import open_nofollow

EXERCISES = ["bank", "fetch_all"]
SOURCE = b"balance = 0\n"
fresh_folders = settings(
    suppress_health_check=[*settings.get_profile("kit").suppress_health_check, HealthCheck.function_scoped_fixture]
)


def zipped(files: Mapping[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def hand_in(root: Path, name: str, data: bytes) -> Submission:
    """What is read of a student's single file, in a class where somebody else's hand-in is fine."""
    for path, content in {f"mallory/{name}": data, "alice/bank.py": SOURCE}.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(content)
    return read_class(root)


def read_class(root: Path) -> Submission:
    alice, mallory = read_submissions([root], EXERCISES)
    assert alice.files["bank"].source == SOURCE
    return mallory


def refusal(submission: Submission) -> str:
    """Why `bank` is refused; that it is, in one sentence fit for a terminal."""
    file = submission.files["bank"]
    assert file.source == b""
    assert file.refused.isprintable()
    return file.refused


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    socket.socket(socket.AF_UNIX).bind(os.path.relpath(path))


def make_link(path: Path) -> None:
    path.symlink_to("/etc/hostname")


def make_dangling_link(path: Path) -> None:
    path.symlink_to(path)


def make_hard_link(path: Path) -> None:
    other = path.parent.parent / "elsewhere.txt"
    other.write_bytes(SOURCE)
    path.hardlink_to(other)


def make_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (make_fifo, "not a regular file"),
        (make_socket, "not a regular file"),
        (make_link, "symbolic link"),
        (make_dangling_link, "symbolic link"),
        (make_hard_link, "hard links"),
    ],
)
def test_what_is_no_plain_file_is_refused_at_once(
    tmp_path: Path, make: Callable[[Path], None], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    hand_in(tmp_path, "x.txt", b"")
    make(tmp_path / "mallory/bank.py")
    assert says in refusal(read_class(tmp_path))


def test_a_folder_called_like_a_solution_is_no_solution(tmp_path: Path) -> None:
    hand_in(tmp_path, "x.txt", b"")
    make_folder(tmp_path / "mallory/bank.py")
    assert read_class(tmp_path).files == {}


@pytest.mark.parametrize("plant", ["bank.py", "notes.ipynb", "fifo", ".git"])
def test_what_lies_beside_students_makes_no_class_one_students(tmp_path: Path, plant: str) -> None:
    for student in ("ana", "bo", "kim"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "bank.py").write_bytes(SOURCE)
    if plant == ".git":
        (tmp_path / plant).mkdir()
    elif plant == "fifo":
        os.mkfifo(tmp_path / "bank.py")
    else:
        (tmp_path / plant).write_text("{}")
    found = read_submissions([tmp_path], EXERCISES)
    assert {one.student: one.files["bank"].source for one in found} == dict.fromkeys(("ana", "bo", "kim"), SOURCE)


def test_a_linked_folder_is_not_entered(tmp_path: Path) -> None:
    hand_in(tmp_path, "x.txt", b"")
    (tmp_path / "mallory/hw").symlink_to(tmp_path / "alice")
    assert "hw is a symbolic link" in refusal(read_class(tmp_path))


def test_a_student_who_is_a_link_appears_and_is_refused(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    (tmp_path / "mallory").symlink_to(tmp_path / "class")
    hand_in(tmp_path / "class", "x.txt", b"")
    (tmp_path / "class/mallory/x.txt").unlink()
    (tmp_path / "class/mallory").rmdir()
    (tmp_path / "class/mallory").symlink_to("alice")
    assert "symbolic link" in refusal(read_class(tmp_path / "class"))


def test_what_may_not_be_read_is_refused(tmp_path: Path) -> None:
    hand_in(tmp_path, "bank.py", SOURCE)
    (tmp_path / "mallory/bank.py").chmod(0)
    if os.access(tmp_path / "mallory/bank.py", os.R_OK):
        pytest.skip("this user may read everything")
    assert "Permission denied" in refusal(read_class(tmp_path))


def test_a_file_that_vanishes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def vanishing(path: Path, flags: int) -> int:
        if path.name == "bank.py":
            path.unlink()
        return open_nofollow(path, flags)

    (tmp_path / "bank.py").write_bytes(SOURCE)
    monkeypatch.setattr("grader.intake.tree.open_nofollow", vanishing)
    (submission,) = read_submissions([tmp_path], EXERCISES)
    assert "No such file" in refusal(submission)


@pytest.mark.parametrize("name", ["ba\u202enk.py", "bank\n.py", "b\udcffank.py"])
def test_a_name_that_deceives_is_refused(tmp_path: Path, name: str) -> None:
    submission = hand_in(tmp_path, name, SOURCE)
    assert "invisible or undecodable" in refusal(submission)


def test_a_student_whose_name_deceives_still_appears(tmp_path: Path) -> None:
    (tmp_path / "ali\u202ece").mkdir()
    (tmp_path / "ali\u202ece/bank.py").write_bytes(SOURCE)
    (submission,) = read_submissions([tmp_path], EXERCISES)
    assert submission.student == "ali\\u202ece"
    assert "\\" not in submission.folder
    assert "invisible" in refusal(submission)


@pytest.mark.parametrize(
    "name", ["../bank.py", "/bank.py", "a/../../bank.py", "a//bank.py", "C:/bank.py", "a\\bank.py"]
)
@pytest.mark.parametrize("nested", [False, True], ids=["top", "inside a class zip"])
def test_a_name_that_leaves_the_archive_is_refused(tmp_path: Path, name: str, nested: bool) -> None:
    if nested:
        (tmp_path / "class.zip").write_bytes(
            zipped({"alice/bank.py": SOURCE, f"mallory/{name}": SOURCE, "mallory/bank.py": SOURCE})
        )
        submission = {one.student: one for one in read_submissions([tmp_path / "class.zip"], EXERCISES)}["mallory"]
        assert submission.files["bank"].source == SOURCE
        assert any("refused, because its name" in note for note in submission.notes)
    else:
        assert "refused, because its name" in refusal(hand_in(tmp_path, "hw.zip", zipped({name: SOURCE})))


def test_the_same_name_twice_in_an_archive_is_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("bank.py", SOURCE)
            archive.writestr("./bank.py", b"other")
            archive.writestr("bank.py", b"again")
    assert "several solutions for bank" in refusal(hand_in(tmp_path, "hw.zip", buffer.getvalue()))


def special(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def flagged(data: bytes, flag: int) -> bytes:
    """The zip with a flag set on its only member, in both places."""
    patched = bytearray(data)
    patched[6] |= flag
    patched[data.rindex(b"PK\x01\x02") + 8] |= flag
    return bytes(patched)


def two_directory_entries_for_one_member() -> bytes:
    data = zipped({"bank.py": SOURCE})
    start, end = data.rindex(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    entry = data[start:end]
    counts = struct.pack("<HHI", 2, 2, 2 * len(entry))
    return data[:end] + entry + data[end : end + 8] + counts + data[end + 16 :]


def declared_small(actual: int) -> bytes:
    data = bytearray(zipped({"bank.py": bytes(actual)}))
    data[data.rindex(b"PK\x01\x02") + 24 :][:4] = b""
    offset = data.rindex(b"PK\x01\x02") + 24
    data[offset : offset + 4] = struct.pack("<I", 10)
    return bytes(data)


GOOD = zipped({"bank.py": SOURCE})
STORED = zipped({"bank.py": SOURCE}, zipfile.ZIP_STORED)
ARCHIVES = {
    "not a zip": (b"Rar!" * 100, "not a readable zip"),
    "empty": (b"", "not a readable zip"),
    "truncated": (GOOD[:-10], "not a readable zip"),
    "missing middle": (GOOD[:20] + GOOD[40:], "readable zip|damaged"),
    "huge directory claimed": (
        GOOD[:-10] + struct.pack("<II", 0x7FFFFFFF, 0) + GOOD[-2:],
        "not a readable zip",
    ),
    "bad crc": (STORED.replace(SOURCE, SOURCE[::-1]), "damaged"),
    "encrypted": (flagged(GOOD, 1), "encrypted"),
    "symbolic link": (
        zipped({special("bank.py", stat.S_IFLNK | 0o777): b"/etc/hostname"}),
        "link or a special",
    ),
    "fifo": (zipped({special("bank.py", stat.S_IFIFO): b""}), "link or a special"),
    "bzip2": (zipped({"bank.py": SOURCE}, zipfile.ZIP_BZIP2), "not supported"),
    "lzma": (zipped({"bank.py": SOURCE}, zipfile.ZIP_LZMA), "not supported"),
    "overlapping": (two_directory_entries_for_one_member(), "overlap"),
    "large file": (zipped({"bank.py": bytes(MAX_SOURCE + 1)}), "larger than 1 MiB"),
    "bomb": (zipped({"bank.py": bytes(MAX_SUBMISSION * 4)}), "larger than 1 MiB"),
    "zip in a zip": (zipped({"inner.zip": GOOD}), "not opened"),
    "tar": (zipped({"inner.tar.gz": b""}), "not opened"),
    "many entries": (zipped({f"{n}.txt": b"" for n in range(MAX_ENTRIES + 1)}), "more than 2000 files"),
    "deep": (zipped({"a/" * 200 + "bank.py": SOURCE}), "too deeply nested"),
    "long name": (zipped({"b" * 300 + "/bank.py": SOURCE}), "too long"),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_a_hostile_archive_is_refused_and_says_why(tmp_path: Path, kind: str) -> None:
    data, says = ARCHIVES[kind]
    reason = refusal(hand_in(tmp_path, "hw.zip", data))
    assert any(part in reason for part in says.split("|")), reason


def test_a_member_that_understates_its_size_is_not_believed(tmp_path: Path) -> None:
    assert "damaged" in refusal(hand_in(tmp_path, "hw.zip", declared_small(5000)))


def test_a_broken_archive_does_not_hide_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "mallory").mkdir()
    (tmp_path / "mallory/bank.py").write_bytes(SOURCE)
    submission = hand_in(tmp_path, "broken.zip", b"PK")
    assert submission.files["bank"].source == SOURCE
    assert "broken.zip" in submission.files["fetch_all"].refused
    assert "broken.zip" in submission.notes[0]


def test_many_bombs_cost_no_more_than_a_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked = 0
    read = zipfile.ZipExtFile.read

    def counting(self: zipfile.ZipExtFile, size: int | None = -1) -> bytes:
        nonlocal unpacked
        data = read(self, size)
        unpacked += len(data)
        return data

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counting)
    bombs = zipped({f"{n}.ipynb": bytes(9 << 20) for n in range(40)})
    assert "larger than 8 MiB" in refusal(hand_in(tmp_path, "hw.zip", bombs))
    assert unpacked < 33 * (9 << 20), "a bomb more would go on for as long as the student likes"


def test_memory_stays_flat_over_a_class(tmp_path: Path) -> None:
    data = zipped({"bank.py": SOURCE, "data.bin": os.urandom(2 << 20)}, zipfile.ZIP_STORED)
    (tmp_path / "bulk.zip").write_bytes(zipped({f"student_{n}.zip": data for n in range(12)}, zipfile.ZIP_STORED))
    tracemalloc.start()
    try:
        submissions = read_submissions([tmp_path / "bulk.zip"], EXERCISES)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(submissions) == 12
    assert peak < 12 << 20, "one student's archive in memory at a time, not the class"


@fresh_folders
@given(st.binary(max_size=400), st.sampled_from(["hw.zip", "bank.ipynb", "bank.py", "lab.ipynb"]))
def test_any_bytes_are_taken_or_refused(tmp_path: Path, data: bytes, name: str) -> None:
    for leftover in (tmp_path / "mallory").glob("*"):
        leftover.unlink()
    submission = hand_in(tmp_path, name, data)
    assert all(file.refused or name == "bank.py" for file in submission.files.values())


@fresh_folders
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=6), st.integers(0, 300))
def test_a_damaged_zip_is_taken_or_refused(tmp_path: Path, edits: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(zipped({"a/bank.py": SOURCE, "b/fetch_all.py": b"x" * 50}))
    for position, value in edits:
        data[position % len(data)] = value
    data = data[: -cut or None] if cut < 30 else data
    hand_in(tmp_path, "hw.zip", bytes(data))
    given_zip = tmp_path / "given.zip"
    given_zip.write_bytes(data)
    try:
        assert len(read_submissions([given_zip], EXERCISES)) in {1, 2}
    except InputError as error:
        assert "given.zip" in str(error)
    given_zip.unlink()
