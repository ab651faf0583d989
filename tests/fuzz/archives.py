"""Zips as a student with a hex editor would write them: every field may lie."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache

from hypothesis import strategies as st

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_STORED, _DEFLATED = 0, 8


@dataclass(frozen=True)
class Member:
    """One entry. The `lie`s are added to what the truth would be."""

    name: bytes
    data: bytes
    method: int = _DEFLATED
    flags: int = 0
    mode: int = 0
    extra: bytes = b""
    crc_lie: int = 0
    packed_lie: int = 0
    size_lie: int = 0
    offset_lie: int = 0
    local_name: bytes | None = None

    def packed(self) -> bytes:
        return _deflated(self.data) if self.method == _DEFLATED else self.data


@lru_cache(1000)
def _deflated(data: bytes) -> bytes:
    deflate = zlib.compressobj(wbits=-15)
    return deflate.compress(data) + deflate.flush()


@dataclass(frozen=True)
class Archive:
    """What the end of the directory claims may lie too; `before` and `comment` surround the whole."""

    members: list[Member]
    before: bytes = b""
    comment: bytes = b""
    count_lie: int = 0
    size_lie: int = 0
    offset_lie: int = 0


def write(archive: Archive) -> bytes:
    """The archive as bytes."""
    body, directory = bytearray(archive.before), bytearray()
    for member in archive.members:
        packed, name = member.packed(), member.name
        local_name = name if member.local_name is None else member.local_name
        common = (20, member.flags, member.method, 0, 0x21)
        sizes = [
            _wrapped(zlib.crc32(member.data), member.crc_lie),
            _wrapped(len(packed), member.packed_lie),
            _wrapped(len(member.data), member.size_lie),
        ]
        offset = _wrapped(len(body), member.offset_lie)
        head = (b"PK\x01\x02", 20 | 3 << 8, *common, *sizes, len(name), len(member.extra))
        directory += _CENTRAL.pack(*head, 0, 0, 0, member.mode << 16, offset) + name + member.extra
        body += _LOCAL.pack(b"PK\x03\x04", *common, *sizes, len(local_name), 0) + local_name + packed
    count = _wrapped(len(archive.members), archive.count_lie, 16)
    size, start = _wrapped(len(directory), archive.size_lie), _wrapped(len(body), archive.offset_lie)
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, len(archive.comment))
    return bytes(body + directory) + end + archive.comment


def _wrapped(truth: int, lie: int, bits: int = 32) -> int:
    return (truth + lie) % (1 << bits)


_PARTS = st.sampled_from(
    [
        "bank.py",
        "fetch_all.py",
        "Bank (1).PY",
        "bank.ipynb",
        "inner.zip",
        "a",
        "b",
        "exercises",
        "alice_1_assignsubmission_file_",
        "..",
        ".",
        "",
        "C:",
        "con",
        ".git",
        "__MACOSX",
        "pyvenv.cfg",
        "lib",
        "a\\b",
        "x\0y",
        "\u202e",
        "\u1112\u1161",
        "n" * 300,
        "doe_12_345_bank-2.py",
        "gradebook_X_u1_attempt_2026-03-01-12-00-00_bank.py",
        "x.tar.gz",
        "é",
        "e\u0301",
    ]
)
_NAMES = st.one_of(
    st.just(b"bank.py"),
    st.just(b"a/bank.py"),
    st.lists(_PARTS, min_size=1, max_size=4).map(lambda parts: "/".join(parts).encode()),
    st.binary(max_size=12),
    st.integers(1, 60).map(lambda depth: b"d/" * depth + b"bank.py"),
)
_LIES = st.just(0) | st.integers(-100, 100) | st.sampled_from([1 << 31, (1 << 32) - 1, 1 << 20])
_HONEST = st.just(0)
_MODES = st.sampled_from([0, 0, 0o100644, 0o120777, 0o010644, 0o040755, 0o020644])
_FLAGS = st.sampled_from([0, 0, 0x800, 0x1, 0x8, 0x20, 0x40, 0x2000]) | st.integers(0, 0xFFFF)
_METHODS = st.sampled_from([_STORED, _DEFLATED, _DEFLATED, 12, 14, 99]) | st.integers(0, 0xFFFF)
_ZIP64 = st.builds(
    lambda sizes: struct.pack(f"<HH{len(sizes)}Q", 1, 8 * len(sizes), *sizes),
    st.lists(st.sampled_from([0, 50, 1 << 32, (1 << 64) - 1]), max_size=3),
)
_SMALL = st.sampled_from([b"balance = 0\n", b"", b"x" * 5000]) | st.binary(max_size=50)


def archives(data: st.SearchStrategy[bytes] = _SMALL) -> st.SearchStrategy[bytes]:
    """Zips whose members hold such data, zips among them, and few or many lies."""
    inner = st.builds(write, st.builds(Archive, st.lists(_members(data, _HONEST), max_size=3)))
    contents = data | inner
    lists = st.lists(_members(contents, _HONEST) | _members(contents, _LIES), max_size=5)
    lying = st.builds(Archive, lists, _SMALL, _SMALL, _LIES, _LIES, _LIES)
    return st.builds(write, st.builds(Archive, lists) | lying)


def _members(data: st.SearchStrategy[bytes], lies: st.SearchStrategy[int]) -> st.SearchStrategy[Member]:
    if lies is _HONEST:
        return st.builds(
            Member, _NAMES, data, st.sampled_from([_STORED, _DEFLATED]), st.sampled_from([0, 0x800]), _MODES
        )
    extras = st.just(b"") | _ZIP64 | st.binary(max_size=12)
    local_names = st.none() | _NAMES
    return st.builds(Member, _NAMES, data, _METHODS, _FLAGS, _MODES, extras, lies, lies, lies, lies, local_names)
