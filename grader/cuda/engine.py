"""Device memory, modules and launches: the runtime of one build, driven through ctypes."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from ctypes import c_char_p, c_int, c_uint32, c_uint64, c_void_p
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

from .compiler import CHECKED, build_kernel, build_runtime, find_compiler
from .host import refuse_foreign_code
from .image import Image, Symbol, variable_name
from .layouts import LANES, FindingLayout, IndexLayout, LaunchLayout, PartyLayout, SiteLayout, SymbolLayout
from .reports import Cause, Failure, Finding, FindingKind, Index, LaunchReport, Party, Space, Traffic
from .source import translate

MOST_TURNS = 50_000_000  # of a kernel's loops in the checked build: some seconds
MOST_THREADS = 1024
_SECTIONS = {"ck_shared": Space.SHARED, "ck_constant": Space.CONSTANT, ".data": Space.GLOBAL, ".bss": Space.GLOBAL}
_LASTING = ("ck_constant", ".data", ".bss")
_READ_ONLY = (".rodata", ".data.rel.ro")  # texts, tables of constants and of virtual functions: read through pointers
_GUARD = "_ZGV"  # says whether a variable of a function has been constructed
# A variable of a function: GCC does not put those of templates and inline functions into the section that they ask for,
# and of these the engine knows shared ones only.
_OF_A_FUNCTION = "_ZZ"
_SPACES = list(Space)


# One copy of each runtime in a process, wherever its files lie: kernels find theirs by name.
_loaded: dict[str, ctypes.CDLL] = {}
_registered: dict[str, KernelModule] = {}  # whose code and variables each of them knows


class LaunchFailedError(Exception):
    """The kernel came to no good end; the device's memory is no longer to be trusted, as on a GPU."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.cause.value)
        self.failure = failure


class Engine:
    """The device. `build` is FAST or CHECKED; what is compiled is kept in `cache`."""

    def __init__(self, build: str, cache: Path) -> None:
        self.build, self.cache = build, cache
        self.runtime = build_runtime(build, find_compiler(), cache)
        if self.runtime.name not in _loaded:
            _loaded[self.runtime.name] = ctypes.CDLL(str(self.runtime))
        library = _loaded[self.runtime.name]
        library.ck_allocate.restype = c_uint64
        library.ck_allocate.argtypes = [c_uint64]
        library.ck_allocate_at.restype = c_uint64
        library.ck_allocate_at.argtypes = [c_uint64] * 2
        library.ck_allocated.restype = c_uint64
        library.ck_free.argtypes = [c_uint64]
        library.ck_name.argtypes = [c_uint64, c_char_p]
        library.ck_copy.argtypes = [c_uint64] * 3
        library.ck_fill.argtypes = [c_uint64, c_char_p, c_uint64, c_uint64]
        library.ck_about.argtypes = [c_uint64, c_void_p, c_void_p]
        library.ck_launch.argtypes = [c_void_p]
        if build == CHECKED:
            library.ck_module.argtypes = [c_uint64, c_uint64, c_void_p, c_uint32]
            library.ck_written.restype = c_void_p
            library.ck_written.argtypes = [c_uint64]
            library.ck_findings.restype = ctypes.POINTER(FindingLayout)
            library.ck_sites.restype = ctypes.POINTER(SiteLayout)
        if not library.ck_open():
            raise MemoryError("the device's range of addresses cannot be reserved")
        self.library = library
        self.before_launch: Callable[[KernelFunction, Sequence[bytes], Index, Index, int], None] | None = None

    def allocate(self, size: int) -> int:
        """The address of so many bytes. Raises MemoryError."""
        address = int(self.library.ck_allocate(size))
        if not address:
            raise MemoryError(f"{size} bytes more than the device has")
        return address

    def allocate_at(self, address: int, size: int) -> None:
        """Raises MemoryError where these addresses cannot be had."""
        if not self.library.ck_allocate_at(address, size):
            raise MemoryError(f"no {size} bytes at the address {address:#x}")

    def allocated(self) -> list[int]:
        """The addresses of all buffers."""
        return list(iter(map(int, map(self.library.ck_allocated, count())).__next__, 0))

    def free(self, address: int) -> None:
        """Raises ValueError if no buffer begins there."""
        if not self.library.ck_free(address):
            raise ValueError("no device memory begins at this address")

    def name(self, address: int, name: str) -> None:
        """What messages call the buffer."""
        self.library.ck_name(address, name.encode())

    def copy(self, to: int, source: int, size: int) -> None:
        """Between device and host, or within one. Raises ValueError where it would not fit."""
        wrong = self.library.ck_copy(to, source, size)
        if wrong:
            raise ValueError(f"{size} bytes do not fit into the {'target' if wrong == 1 else 'source'} of the copy")

    def fill(self, to: int, pattern: bytes, count: int) -> None:
        """`count` times the pattern. Raises ValueError where it would not fit."""
        if self.library.ck_fill(to, pattern, len(pattern), count):
            raise ValueError(f"{len(pattern) * count} bytes do not fit into the target")

    def about(self, address: int) -> tuple[int, int] | None:
        """The size of the buffer that holds the address, and how far in it is."""
        size, offset = c_uint64(), c_uint64()
        found = self.library.ck_about(address, ctypes.byref(size), ctypes.byref(offset))
        return (size.value, offset.value) if found else None


@dataclass(frozen=True, slots=True)
class Parameter:
    """Of a kernel: its size in bytes, and its kind: p(ointer), i(nteger), f(loat) or s(truct)."""

    size: int
    kind: str


class KernelModule:
    """The kernels of one source. Raises CompilerMissingError and DoesNotCompileError."""

    def __init__(
        self,
        engine: Engine,
        source: str,
        extern_c: bool = True,
        defines: tuple[str, ...] = (),
        include: tuple[str, ...] = (),
    ) -> None:
        self.engine = engine
        translation = translate(source, extern_c, defines)
        self.extern_c, self.defines = extern_c, defines
        self.source, self.kernels, self.dynamic = source, translation.kernels, translation.dynamic
        self.path = build_kernel(translation, engine.runtime, engine.build, include, engine.cache)
        refuse_foreign_code(self.image, source, engine.build == CHECKED)
        self.library = ctypes.CDLL(str(self.path))
        for guard in filter(_is_guard, self.image.symbols):  # as on a GPU, where shared variables are never constructed
            ctypes.memset(self.base + guard.address, 1, 1)

    def variable(self, name: str) -> tuple[int, int]:
        """Address and size of a variable of the module. Raises KeyError."""
        for symbol in self.image.symbols:
            if symbol.is_variable and variable_name(symbol.name) == name:
                return self.base + symbol.address, symbol.size
        raise KeyError(name)

    @cached_property
    def variables(self) -> list[str]:
        """The names of those that outlive a launch."""
        lasting = [symbol for symbol in self.image.symbols if symbol.is_variable and symbol.section in _LASTING]
        lasting = [symbol for symbol in lasting if symbol.size and not symbol.name.startswith(_OF_A_FUNCTION)]
        return [variable_name(symbol.name) for symbol in lasting]

    @cached_property
    def image(self) -> Image:
        return Image(self.path)

    @cached_property
    def base(self) -> int:
        """Where the file is loaded."""
        anyone = next(symbol for symbol in self.image.symbols if symbol.name.startswith("ck_parameters_"))
        loaded = ctypes.cast(getattr(self.library, anyone.name), c_void_p).value
        assert loaded is not None
        return loaded - anyone.address

    def function(self, name: str) -> KernelFunction:
        """Raises KeyError."""
        if name not in self.kernels:
            raise KeyError(name)
        return KernelFunction(self, name)

    def register(self) -> None:
        """Makes this the module whose code and variables the checked runtime knows."""
        if _registered.get(self.engine.runtime.name) is self:
            return
        _registered[self.engine.runtime.name] = self
        symbols = self._symbols
        code = self.image.sections[".text"]
        self.engine.library.ck_module(self.base + code.address, code.size, symbols, len(symbols))

    @cached_property
    def _symbols(self) -> ctypes.Array[SymbolLayout]:
        variables = [symbol for symbol in self.image.symbols if symbol.is_variable and symbol.section in _SECTIONS]
        found = {
            symbol.address: SymbolLayout(
                self.base + symbol.address,
                symbol.size,
                _SPACES.index(_space_of(symbol)),
                symbol.name in self.dynamic,
                variable_name(symbol.name).encode(),
            )
            for symbol in variables
            if symbol.size
        }
        return (SymbolLayout * (len(found) + len(self._read_only)))(*found.values(), *self._read_only)

    @cached_property
    def _read_only(self) -> list[SymbolLayout]:
        sections = [section for name, section in self.image.sections.items() if name in _READ_ONLY and section.size]
        space = _SPACES.index(Space.CONSTANT)
        return [SymbolLayout(self.base + one.address, one.size, space, False, b"constants") for one in sections]


def _is_guard(symbol: Symbol) -> bool:
    return symbol.is_variable and symbol.name.startswith(_GUARD)


def _space_of(variable: Symbol) -> Space:
    if _is_guard(variable):
        return Space.LOCAL
    in_no_section = variable.is_weak and variable.name.startswith(_OF_A_FUNCTION)
    return Space.SHARED if in_no_section else _SECTIONS[variable.section]


class KernelFunction:
    """A kernel that can be launched."""

    def __init__(self, module: KernelModule, name: str) -> None:
        self.module, self.name = module, name
        self._run = getattr(module.library, f"ck_run_{name}")
        told = (c_int * 512)()
        count = getattr(module.library, f"ck_parameters_{name}")(told)
        self.parameters = [Parameter(told[2 * n], chr(told[2 * n + 1])) for n in range(count)]

    def launch(
        self, values: Sequence[bytes], grid: Index, block: Index, shared_bytes: int = 0, backward: bool = False
    ) -> LaunchReport | None:
        """Runs it; each value has its parameter's size. The report is the checked build's.

        `backward`: the last block runs first, and the first one last; a GPU promises no order.

        Raises LaunchFailedError where there is no report to tell of a failure.
        """
        self._name_buffers(values)
        if self.module.engine.before_launch is not None:
            self.module.engine.before_launch(self, values, grid, block, shared_bytes)
        held = [ctypes.create_string_buffer(value, max(len(value), 1)) for value in values]
        addresses = (c_void_p * max(len(held), 1))(*map(ctypes.addressof, held))
        launch = LaunchLayout(
            kernel=ctypes.cast(self._run, c_void_p),
            values=ctypes.cast(addresses, c_void_p),
            grid=IndexLayout(*grid),
            block=IndexLayout(*block),
            shared_bytes=shared_bytes,
            backward=backward,
            most_turns=MOST_TURNS,
        )
        checked = self.module.engine.build == CHECKED
        if checked:
            self.module.register()
        self.module.engine.library.ck_launch(ctypes.byref(launch))
        failure = _failure(launch, grid, block)
        if checked:
            return _ReportReader(self, grid, block).report(shared_bytes, failure)
        if failure is not None:
            raise LaunchFailedError(failure)
        return None

    def _name_buffers(self, values: Sequence[bytes]) -> None:
        """Messages call device memory what the kernel calls it."""
        for name, parameter, value in zip(self.module.kernels[self.name], self.parameters, values, strict=False):
            if parameter.kind == "p":
                self.module.engine.name(int.from_bytes(value, "little"), name)


def _failure(launch: LaunchLayout, grid: Index, block: Index) -> Failure | None:
    if launch.status == 0:
        return None
    return Failure(
        cause=list(Cause)[launch.cause],
        line=launch.line,
        thread=_unfold(launch.thread, block),
        block=_unfold(launch.block_number, grid),
        text=launch.text.decode("utf-8", "replace"),
        buffer=launch.buffer.decode("utf-8", "replace"),
        buffer_size=launch.buffer_bytes,
        offset=launch.address - launch.buffer_begin if launch.buffer_begin else 0,
    )


def _unfold(number: int, size: Index) -> Index:
    return number % size[0], number // size[0] % size[1], number // size[0] // size[1]


class _ReportReader:
    """Reads what the runtime has found in one launch."""

    def __init__(self, function: KernelFunction, grid: Index, block: Index) -> None:
        self._function, self._grid, self._block = function, grid, block
        self._library = function.module.engine.library
        self._image = function.module.image
        self._code = self._image.sections[".text"].address

    def report(self, shared_bytes: int, failure: Failure | None) -> LaunchReport:
        count = c_uint32()
        findings = self._library.ck_findings(ctypes.byref(count))
        found = [self._finding(findings[n]) for n in range(count.value)]
        sites = self._library.ck_sites(ctypes.byref(count))
        traffic = [self._traffic(sites[n]) for n in range(1, count.value) if sites[n].requests]
        totals = [c_uint64() for _ in range(3)]
        self._library.ck_totals(*map(ctypes.byref, totals))
        accesses, barriers, turns = (total.value for total in totals)
        function = self._function
        return LaunchReport(
            kernel=function.name,
            source=function.module.source,
            grid=self._grid,
            block=self._block,
            shared_bytes=shared_bytes,
            failure=failure,
            findings=found,
            traffic=traffic,
            accesses=accesses,
            barriers=barriers,
            turns=turns,
        )

    def _line(self, pc: int, line: int) -> int:
        return self._image.line_of(self._code + pc) if pc else line

    def _party(self, told: PartyLayout) -> Party:
        thread, block = _unfold(told.thread, self._block), _unfold(told.block, self._grid)
        return Party(self._line(told.pc, told.line), thread, block, bool(told.writes), bool(told.atomic))

    def _finding(self, told: FindingLayout) -> Finding:
        first = self._party(told.first)
        return Finding(
            list(FindingKind)[told.kind],
            told.count,
            first if first.line else None,
            self._party(told.then),
            _SPACES[told.space],
            told.buffer.decode("utf-8", "replace"),
            told.buffer_size,
            told.offset,
            told.size,
            told.others,
        )

    def _traffic(self, told: SiteLayout) -> Traffic:
        numbers = {
            name: int(getattr(told, name))
            for name in (
                *("size", "requests", "lanes", "bytes", "sectors", "least_sectors"),
                *("wavefronts", "least_wavefronts", "same_address"),
            )
        }
        return Traffic(
            line=self._line(told.pc, told.line),
            space=_SPACES[told.space],
            writes=bool(told.writes),
            atomic=bool(told.atomic),
            buffer=told.buffer.decode("utf-8", "replace"),
            shown={lane: told.shown[lane] for lane in range(LANES) if told.shown_lanes >> lane & 1},
            **numbers,
        )
