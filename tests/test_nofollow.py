"""No part of a path is followed as a link, with openat2 and where there is none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from grader import nofollow
from grader.atomic import write_atomically
from grader.errors import InfrastructureError
from grader.nofollow import open_folder, open_nofollow, read_plain


@pytest.fixture(autouse=True, params=["openat2", "part by part"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "part by part":
        monkeypatch.setattr(nofollow, "NUMBERS", {})


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a file in a folder, links to both, and something outside that must not be touched."""
    (tmp_path / "inside" / "real").mkdir(parents=True)
    (tmp_path / "inside" / "real" / "file").write_text("mine")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_text("secret")
    (tmp_path / "inside" / "folder").symlink_to(tmp_path / "outside")
    (tmp_path / "inside" / "relative").symlink_to("real")
    (tmp_path / "inside" / "last").symlink_to("real/file")
    (tmp_path / "inside" / "self").symlink_to("self")
    return tmp_path / "inside"


def test_a_path_without_links_is_opened(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_plain(place / "real" / "file") == b"mine"
    monkeypatch.chdir(place)
    assert read_plain(Path("real/file")) == b"mine"
    os.close(open_nofollow(Path("/"), os.O_RDONLY))


@pytest.mark.parametrize("name", ["folder/file", "relative/file", "last", "self", "self/file"])
def test_a_link_anywhere_is_refused(place: Path, name: str) -> None:
    with pytest.raises(OSError, match="symbolic links"):
        read_plain(place / name)


@pytest.mark.parametrize("name", ["folder", "relative", "self"])
def test_a_linked_folder_is_no_folder(place: Path, name: str) -> None:
    with pytest.raises(OSError, match="symbolic links"):
        open_folder(place / name)
    with pytest.raises(OSError, match="symbolic links"):
        open_folder(place / name / "new")


def test_what_is_missing_or_no_folder_is_said_to_be(place: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_plain(place / "nothing" / "file")
    with pytest.raises(NotADirectoryError):
        read_plain(place / "real" / "file" / "below")
    with pytest.raises(ValueError, match="null"):
        read_plain(place / "real" / "file\0x")


def test_a_file_that_is_not_plain_is_not_read(place: Path) -> None:
    os.mkfifo(place / "fifo")
    (place / "twice").hardlink_to(place.parent / "outside" / "file")
    for name in ("fifo", "twice", "real"):
        with pytest.raises(OSError, match="no regular file"):
            read_plain(place / name)


def test_missing_folders_are_made(place: Path) -> None:
    os.close(open_folder(place / "a" / "b" / "c"))
    assert (place / "a" / "b" / "c").is_dir()


@pytest.mark.parametrize("name", ["folder/file", "folder/new/file", "relative/file"])
def test_nothing_is_written_behind_a_link(place: Path, name: str) -> None:
    with pytest.raises(InfrastructureError, match="symbolic link is in the way"):
        write_atomically(place / name, "overwritten")
    assert [path.name for path in (place.parent / "outside").iterdir()] == ["file"]
    assert (place.parent / "outside" / "file").read_text() == "secret"


def test_a_link_in_place_of_the_file_is_replaced_itself(place: Path) -> None:
    write_atomically(place / "last", "new")
    assert (place / "real" / "file").read_text() == "mine"
    assert not (place / "last").is_symlink() and (place / "last").read_text() == "new"


def test_a_folder_exchanged_while_a_file_is_written_gets_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = os.replace

    def exchanging(*names: str, **folders: Any) -> None:
        (place / "real").rename(place / "moved")
        (place / "real").symlink_to(place.parent / "outside")
        replace(*names, **folders)

    monkeypatch.setattr(os, "replace", exchanging)
    write_atomically(place / "real" / "file", "new")
    assert (place / "moved" / "file").read_text() == "new"
    assert (place.parent / "outside" / "file").read_text() == "secret"


def test_no_descriptor_is_left_open(place: Path) -> None:
    folder = Path("/dev/fd")
    before = len(list(folder.iterdir()))
    test_a_link_anywhere_is_refused(place, "folder/file")
    test_a_linked_folder_is_no_folder(place, "relative")
    test_a_file_that_is_not_plain_is_not_read(place)
    test_nothing_is_written_behind_a_link(place, "folder/new/file")
    assert len(list(folder.iterdir())) == before
