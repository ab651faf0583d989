"""Damage to valid input: what a fuzzer that knows the format by examples only would try."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

Edit = Callable[[bytes], bytes]


def mutated(valid: st.SearchStrategy[bytes], max_edits: int = 4) -> st.SearchStrategy[bytes]:
    """Valid input after a few edits (or none)."""
    return st.builds(_apply, valid, st.lists(_EDITS, max_size=max_edits))


def _apply(data: bytes, edits: list[Edit]) -> bytes:
    for edit in edits:
        data = edit(data)
    return data


def _flip(position: int, bit: int) -> Edit:
    def edit(data: bytes) -> bytes:
        if not data:
            return data
        at = position % len(data)
        return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]

    return edit


def _overwrite(position: int, piece: bytes) -> Edit:
    def edit(data: bytes) -> bytes:
        at = position % (len(data) + 1)
        return data[:at] + piece + data[at + len(piece) :]

    return edit


def _insert(position: int, piece: bytes) -> Edit:
    def edit(data: bytes) -> bytes:
        at = position % (len(data) + 1)
        return data[:at] + piece + data[at:]

    return edit


def _repeat(position: int, length: int, times: int) -> Edit:
    """A slice duplicated; removed if `times` is 0."""

    def edit(data: bytes) -> bytes:
        at = position % (len(data) + 1)
        return data[:at] + data[at : at + length] * times + data[at + length :]

    return edit


_POSITIONS = st.integers(0, 5000)
_PIECES = st.binary(min_size=1, max_size=8) | st.sampled_from(
    [
        b"\xff\xff\xff\xff",
        b"\0\0\0\0",
        b"\xff\xff\xff\x7f",
        b"[" * 500,
        b"9" * 5000,
        b"1e999",
        b"\\ud800",
        b'"',
        b"{",
        b"}",
    ]
)
_EDITS = st.one_of(
    st.builds(_flip, _POSITIONS, st.integers(0, 7)),
    st.builds(_overwrite, _POSITIONS, _PIECES),
    st.builds(_insert, _POSITIONS, _PIECES),
    st.builds(_repeat, _POSITIONS, st.integers(1, 200), st.integers(0, 3)),
)
