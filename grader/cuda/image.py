"""What a compiled kernel's file says of itself: where its code and variables are, and which line each place is of.

Reads ELF (System V ABI) and the line programs of DWARF 4 (section 6.2 of its standard), as much as our compilers write.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .source import FILE

_OBJECT, _FUNCTION = 1, 2
_WEAK = 2


@dataclass(frozen=True, slots=True)
class Section:
    address: int
    data: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """A variable or a function, at an address relative to where the file is loaded."""

    name: str
    address: int
    size: int
    section: str
    is_variable: bool
    is_weak: bool  # of a template or an inline function


class Image:
    """A shared library on disk."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        self._names: list[str] = []
        self.sections = self._read_sections()
        self.symbols: list[Symbol] = []
        self.wanted: list[str] = []  # names that others have to define
        self._read_symbols()

    def line_of(self, address: int) -> int:
        """The student's line that the instruction before this address belongs to; 0 if to none."""
        starts, lines = self._rows
        place = bisect_right(starts, address - 1) - 1
        return lines[place] if place >= 0 else 0

    @cached_property
    def functions_in_data(self) -> set[str]:
        """The names of those whose address is part of some variable's initial value."""
        relocations = self.sections[".rela.dyn"].data if ".rela.dyn" in self.sections else b""
        addresses = {addend for _, _, addend in struct.iter_unpack("<QQq", relocations)}
        return {symbol.name for symbol in self.symbols if not symbol.is_variable and symbol.address in addresses}

    def _read_sections(self) -> dict[str, Section]:
        (table,) = struct.unpack_from("<Q", self._data, 40)
        size, count, names_at = struct.unpack_from("<HHH", self._data, 58)
        headers = [struct.unpack_from("<IIQQQQIIQQ", self._data, table + n * size) for n in range(count)]
        names = headers[names_at]
        sections: dict[str, Section] = {}
        for name_at, kind, _, address, offset, length, *_ in headers:
            begin = names[4] + name_at
            name = self._data[begin : self._data.index(b"\0", begin)].decode()
            self._names.append(name)
            content = b"" if kind == 8 else self._data[offset : offset + length]  # 8: nothing in the file, as .bss
            sections[name] = Section(address, content, length)
        return sections

    def _read_symbols(self) -> None:
        table, strings = self.sections[".symtab"].data, self.sections[".strtab"].data
        for name_at, info, _, section, address, size in struct.iter_unpack("<IBBHQQ", table):
            name = strings[name_at : strings.index(b"\0", name_at)].decode()
            if section == 0 and name:
                self.wanted.append(name)
            elif info & 15 in {_OBJECT, _FUNCTION} and section < len(self._names):
                kinds = info & 15 == _OBJECT, info >> 4 == _WEAK
                self.symbols.append(Symbol(name, address, size, self._names[section], *kinds))

    @cached_property
    def _rows(self) -> tuple[list[int], list[int]]:
        if ".debug_line" not in self.sections:
            return [], []
        rows = sorted(_line_rows(self.sections[".debug_line"].data))
        return [address for address, _ in rows], [line for _, line in rows]


def variable_name(symbol: str) -> str:
    """As it stands in the source: `s` for `_ZZ6kernelE1s_0`, which is s in a function."""
    found = re.search(r"E(\d+)([A-Za-z_]\w*?)(?:_\d+)?$", symbol) if symbol.startswith("_ZZ") else None
    name = found[2][: int(found[1])] if found else symbol
    return re.sub(r"\.\d+$", "", name)


def _line_rows(data: bytes) -> list[tuple[int, int]]:
    """Address and line of each row of the table; line 0 where the code is of another file, or ends."""
    rows: list[tuple[int, int]] = []
    at = 0
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        rows += _rows_of_unit(data[at + 4 : at + 4 + length])
        at += 4 + length
    return rows


def _rows_of_unit(unit: bytes) -> list[tuple[int, int]]:
    machine = _LineMachine(unit)
    while machine.reader.at < len(unit):
        machine.step()
    return machine.rows


class _LineMachine:
    """The machine that a line program drives (section 6.2.2): registers that go on together, and rows they leave."""

    def __init__(self, unit: bytes) -> None:
        _, header_length = struct.unpack_from("<HI", unit)
        self._unit = unit
        self._step, _, _, self._line_base, self._line_range, self._opcode_base = struct.unpack_from("<BBBbBB", unit, 6)
        self._operand_counts = unit[12 : 11 + self._opcode_base]
        self._own = _numbers_of_the_file(unit, 11 + self._opcode_base)
        self.reader = _Leb128Reader(unit, 6 + header_length)
        self.rows: list[tuple[int, int]] = []
        self._address, self._line, self._file = 0, 1, 1

    def step(self) -> None:
        code = self.reader.byte()
        if code >= self._opcode_base:
            self._advance((code - self._opcode_base) // self._line_range)
            self._line += self._line_base + (code - self._opcode_base) % self._line_range
            self._leave_row()
        elif code == 0:
            self._extended()
        else:
            self._standard(code)

    def _advance(self, instructions: int) -> None:
        self._address += instructions * self._step

    def _leave_row(self) -> None:
        self.rows.append((self._address, self._line if self._file in self._own else 0))

    def _extended(self) -> None:
        size = self.reader.unsigned()
        end, what = self.reader.at + size, self.reader.byte()
        if what == 1:  # the end of a sequence
            self.rows.append((self._address, 0))
            self._address, self._line, self._file = 0, 1, 1
        elif what == 2:
            (self._address,) = struct.unpack_from("<Q", self._unit, self.reader.at)
        self.reader.at = end

    def _standard(self, code: int) -> None:
        match code:
            case 1:
                self._leave_row()
            case 2:
                self._advance(self.reader.unsigned())
            case 3:
                self._line += self.reader.signed()
            case 4:
                self._file = self.reader.unsigned()
            case 8:
                self._advance((255 - self._opcode_base) // self._line_range)
            case 9:
                self._address += int.from_bytes(self._unit[self.reader.at : self.reader.at + 2], "little")
                self.reader.at += 2
            case _:
                for _ in range(self._operand_counts[code - 1]):
                    self.reader.unsigned()


def _numbers_of_the_file(unit: bytes, at: int) -> set[int]:
    """Under which numbers the student's source is known in this unit."""
    while unit[at]:  # folders
        at = unit.index(b"\0", at) + 1
    reader, number, own = _Leb128Reader(unit, at + 1), 0, set()
    while unit[reader.at]:
        end = unit.index(b"\0", reader.at)
        number += 1
        if unit[reader.at : end].decode("utf-8", "replace").rpartition("/")[2] == FILE:
            own.add(number)
        reader.at = end + 1
        for _ in range(3):
            reader.unsigned()
    return own


class _Leb128Reader:
    """Numbers of seven bits a byte, least first (DWARF 4, section 7.6)."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self.at = data, at

    def byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def unsigned(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def signed(self) -> int:
        begin = self.at
        value, bits = self.unsigned(), 7 * (self.at - begin)
        return value - (1 << bits) if value >> (bits - 1) else value
