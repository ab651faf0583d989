"""Zip archives as trees. Sizes, names and offsets in a zip are mere claims; none is believed."""

import io
import stat
import struct
import zipfile
import zlib
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from grader.intake.names import shown, split_path, why_unsafe
from grader.intake.tree import MAX_LISTED, File, Folder, Node, Refusal, RefusedError, read_bounded

_MAX_DIRECTORY = 8 << 20
_HEADER_BYTES = 30
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # only these can be unpacked a bounded piece at a time
_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, RuntimeError, ArithmeticError, LookupError),
)
_Parts = tuple[str, ...]


class _Guarded(io.BufferedReader):
    """zipfile reads the directory of an archive in one piece, whatever its size; this sets a bound."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MAX_DIRECTORY:
            raise zipfile.BadZipFile
        return super().read(size)


def open_zip(stream: BinaryIO, name: str) -> Folder:
    """The archive as a folder called `name`, usable while the stream is open; raises RefusedError."""
    try:
        archive = zipfile.ZipFile(_Guarded(stream))  # type: ignore[arg-type]  # a BytesIO serves as well
    except _ERRORS:
        raise RefusedError("is not a readable zip (damaged, incomplete, or of another format)") from None
    members = archive.infolist()
    if len(members) > MAX_LISTED:
        raise RefusedError(f"has more than {MAX_LISTED} entries")
    if _overlap(members):
        raise RefusedError("is not a readable zip (its entries overlap)")
    return Folder(name, _tree(archive, members).copy)


def _overlap(members: list[zipfile.ZipInfo]) -> bool:
    by_offset = sorted(members, key=lambda member: member.header_offset)
    return any(
        one.header_offset + _HEADER_BYTES + one.compress_size > other.header_offset
        for one, other in pairwise(by_offset)
    )


def _tree(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> list[Node]:
    """What lies at the top of the archive."""
    folders: dict[_Parts, list[Node]] = {(): []}
    for member in members:
        name = _decoded(member)
        parts = tuple(split_path(name.rstrip("/")))
        if not parts:
            continue
        if reason := why_unsafe(parts):
            _folder(folders, _safe_part(parts)).append(Refusal(f"“{shown(name)}”", reason, name))
        elif member.is_dir():
            _folder(folders, parts)
        else:
            _folder(folders, parts[:-1]).append(File(shown(parts[-1]), partial(_read, archive, member), parts[-1]))
    for children in folders.values():
        children.sort(key=lambda node: (node.name, node.found))
    return folders[()]


def _folder(folders: dict[_Parts, list[Node]], parts: _Parts) -> list[Node]:
    """The children of a folder, which is made with those around it where an archive does not list them."""
    if parts not in folders:
        folders[parts] = []
        _folder(folders, parts[:-1]).append(Folder(shown(parts[-1]), folders[parts].copy, parts[-1]))
    return folders[parts]


def _safe_part(parts: _Parts) -> _Parts:
    """The first folder of an unsafe path, if that is safe: a refusal stays with the student it concerns."""
    return parts[:1] if len(parts) > 1 and not why_unsafe(parts[:1]) else ()


def _decoded(member: zipfile.ZipInfo) -> str:
    """The member's name; macOS writes UTF-8 without saying so, which zipfile then reads as code page 437."""
    if member.flag_bits & _UTF8_FLAG:
        return member.filename
    try:
        return member.filename.encode("cp437").decode()
    except UnicodeError:
        return member.filename


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    if stat.S_IFMT(member.external_attr >> 16) not in {0, stat.S_IFREG}:
        raise RefusedError("is a link or a special file")
    if member.flag_bits & _ENCRYPTED_FLAG:
        raise RefusedError("is encrypted")
    if member.compress_type not in _READABLE:
        raise RefusedError("is compressed in a way that is not supported; zip it with the ordinary method")
    try:
        with archive.open(member) as stream:
            return read_bounded(stream, limit)  # type: ignore[arg-type]  # a ZipExtFile reads like any other
    except _ERRORS:
        raise RefusedError("is damaged in the archive") from None
