"""A submission as a tree of names that is read on demand, whether it lies on disk or in an archive.

Nothing here follows a link, waits for a FIFO or believes a declared size. What lies on disk may change at any moment:
each file and folder is opened anew by its path, no part of which may be a link, and what counts is what was opened.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from grader.intake.names import is_ignored, shown, why_unsafe
from grader.nofollow import READ, open_nofollow

MAX_LISTED = 100_000
_LINK = "is a symbolic link; links are not followed"
_BEHIND_A_LINK = "is a symbolic link, or lies behind one; links are not followed"
_SPECIAL = "is not a regular file"


class RefusedError(Exception):
    """Something of a student's cannot be read. The message completes a sentence that starts with its path."""


class TooLargeError(RefusedError):
    """A file is longer than the limit it was read with."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"is larger than {limit >> 20} MiB")


@dataclass(frozen=True, slots=True)
class File:
    """A file; `read(limit)` gives its bytes and raises RefusedError, also for more than `limit` bytes.

    Here and below, `found` is the name as it lies there, where `name` is only what is shown of it.
    """

    name: str
    read: Callable[[int], bytes]
    found: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder; `children()` lists it anew on each call and never raises."""

    name: str
    children: Callable[[], list["Node"]]
    found: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that may hold solutions but is not looked into; `reason` completes `<path> …`."""

    name: str
    reason: str
    found: str = ""


Node = File | Folder | Refusal


def visible(folder: Folder) -> list[Node]:
    """What the student put into the folder: without caches, hidden files and installed environments."""
    children = folder.children()
    names = {child.name for child in children}
    return [child for child in children if not is_ignored(child.name, names)]


def walk(folder: Folder, at: str = "") -> Iterator[tuple[str, Node]]:
    """Everything visible below the folder, with its path; folders too, so that a caller can count them."""
    for node in visible(folder):
        path = f"{at}/{node.name}" if at else node.name
        yield path, node
        if isinstance(node, Folder):
            yield from walk(node, path)


def read_bounded(stream: BinaryIO, limit: int) -> bytes:
    """All of the stream; raises TooLargeError as soon as it turns out longer than `limit` bytes."""
    data = bytearray()
    while chunk := stream.read(1 << 16):
        data += chunk
        if len(data) > limit:
            raise TooLargeError(limit)
    return bytes(data)


def open_regular(path: Path) -> BinaryIO:
    """The file opened for reading; raises RefusedError unless it is a regular file with a single name."""
    try:
        descriptor = open_nofollow(path, READ)
    except OSError as error:
        raise RefusedError(_cannot_read(error)) from None
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode) and status.st_nlink <= 1:
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise RefusedError("has several hard links" if stat.S_ISREG(status.st_mode) else _SPECIAL)


def disk_file(path: Path) -> File:
    """A file on disk, opened when it is read."""
    return File(shown(path.name), partial(_read_disk, path), path.name)


def disk_folder(path: Path, depth: int = 0) -> Folder:
    """A folder on disk, listed when it is asked."""
    return Folder(shown(path.name), partial(_list_disk, path, depth), path.name)


def _read_disk(path: Path, limit: int) -> bytes:
    with open_regular(path) as stream:
        if os.fstat(stream.fileno()).st_size > limit:
            raise TooLargeError(limit)
        try:
            return read_bounded(stream, limit)
        except OSError as error:
            raise RefusedError(_cannot_read(error)) from None


def _list_disk(path: Path, depth: int) -> list[Node]:
    try:
        with opened_folder(path) as descriptor, os.scandir(descriptor) as listing:
            items = sorted(islice(listing, MAX_LISTED), key=lambda item: item.name)
            return [_disk_node(path, item, depth + 1) for item in items]
    except OSError as error:
        return [Refusal("(contents)", _cannot_read(error))]


@contextmanager
def opened_folder(path: Path) -> Iterator[int]:
    """A descriptor of the folder. Raises OSError."""
    descriptor = open_nofollow(path, READ | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _disk_node(folder: Path, item: os.DirEntry[str], depth: int) -> Node:
    if reason := why_unsafe([item.name], depth):
        return Refusal(shown(item.name), reason, item.name)
    is_folder = _is_folder(item)
    if is_folder and item.is_symlink():
        return Refusal(shown(item.name), _LINK, item.name)
    return disk_folder(folder / item.name, depth) if is_folder else disk_file(folder / item.name)


def _is_folder(item: os.DirEntry[str]) -> bool:
    """Whether it is one, or a link to one."""
    try:
        return item.is_dir()
    except OSError:
        return False


def _cannot_read(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return _BEHIND_A_LINK
    if error.errno == errno.ENXIO:  # what opening a socket says
        return _SPECIAL
    return f"cannot be read ({error.strerror or 'input/output error'})"
