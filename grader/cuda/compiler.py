"""The C++ compiler of this machine, and how kernels and the runtime are compiled with it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from . import completed, screening, unwatched
from .image import Image
from .source import FILE, DoesNotCompileError, Translation

NATIVE = Path(__file__).parent / "native"
_BUILT = Path(__file__).parent / "built"  # there only inside the sandbox, where runtimes are brought along
_COMPILER = "compiler.json"  # there: which compiler has built them
_TOOLS = Path("/box/tools")  # where players with a root of their own see the folder of a compiler
FAST, CHECKED = "fast", "checked"
HOW_TO_GET_ONE = "pip install 'concurrency-kit[cuda-cpu]'"
_COMMON = (
    *("-std=c++17", "-fPIC", "-w", "-fno-exceptions", "-fno-rtti", "-fno-asynchronous-unwind-tables"),
    *("-ffp-contract=fast", "-fno-math-errno", "-fstack-clash-protection", "-nostdinc", "-nostdinc++"),
    "-fno-threadsafe-statics",
)
_BY_GCC = ("-fno-gnu-unique",)  # else variables of inline functions would be those of a module loaded before
_FAST = ("-O3", "-fno-trapping-math")
_CHECKED = ("-O1", "-g1", "-gdwarf-4", "-fsanitize=thread", "-DCK_CHECKED")
# One callback for each access that the source makes, as nvcc's code would make it: nothing merged, moved or guessed.
_CHECKED_BY_GCC = (
    *("-fsanitize=bounds,integer-divide-by-zero", "-fsanitize-recover=integer-divide-by-zero"),
    *("-fno-tree-sra", "-fno-ipa-sra", "-fno-store-merging", "-fno-tree-pre", "-fno-tree-loop-im"),
    *("-fno-inline-functions-called-once", "-fno-jump-tables", "-fno-ipa-icf", "-fno-tree-tail-merge"),
    *("-fno-crossjumping", "-fno-if-conversion", "-fno-if-conversion2", "-fno-tree-phiprop", "-fno-code-hoisting"),
    *("-fno-tree-sink", "-fno-semantic-interposition", "--param", "tsan-distinguish-volatile=1"),
)
_CHECKED_BY_CLANG = (
    *("-fsanitize=array-bounds,integer-divide-by-zero", "-fno-sanitize-trap=all", "-fno-optimize-sibling-calls"),
    *("-fno-unroll-loops", "-fno-vectorize", "-fno-slp-vectorize"),
    *("-mllvm", "-tsan-instrument-read-before-write=1", "-mllvm", "-tsan-instrument-func-entry-exit=0"),
    *("-mllvm", "-tsan-distinguish-volatile=1", "-mllvm", "-enable-load-pre=0"),
)


class CompilerMissingError(Exception):
    """There is no C++ compiler."""


@dataclass(frozen=True, slots=True)
class Compiler:
    """How it is called, and what it says of itself. `folder`: what it consists of, if it is none of the system's."""

    command: tuple[str, ...]
    version: str
    folder: str = ""

    @property
    def is_clang(self) -> bool:
        return "clang" in self.version

    def kernel_flags(self, build: str) -> list[str]:
        common = [*_COMMON, *([] if self.is_clang else _BY_GCC)]
        if build == FAST:
            return [*common, *_FAST]
        return [*common, *_CHECKED, *(_CHECKED_BY_CLANG if self.is_clang else _CHECKED_BY_GCC)]


def cache_folder() -> Path:
    """Where compiled code is kept: $CK_CUDA_CACHE, or below the user's folder of caches."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("CK_CUDA_CACHE") or caches / "concurrency-kit")


@cache
def find_compiler() -> Compiler:
    """$CXX, g++, clang++, or what the extra `cuda-cpu` installs; inside the sandbox, the one that was brought along.

    Raises CompilerMissingError.
    """
    if (_BUILT / _COMPILER).exists():
        return _brought_along()
    return _first_of([os.environ.get("CXX", "").split(), ["g++"], ["clang++"], _zig()], None)


@cache
def find_compiler_of_players(path: str) -> Compiler:
    """The same for players, whose PATH this is. They see of the machine what is the system's, and zig.

    Raises CompilerMissingError.
    """
    named = os.environ.get("CXX", "").split()
    seen = bool(named) and Path(shutil.which(named[0], path=path) or "/").is_relative_to("/usr")
    return _first_of([named if seen else [], ["g++"], ["clang++"], _zig()], path)


def _zig() -> list[str]:
    spec = importlib.util.find_spec("ziglang")
    return [str(Path(spec.origin).with_name("zig")), "c++"] if spec is not None and spec.origin is not None else []


def _first_of(commands: list[list[str]], path: str | None) -> Compiler:
    if sys.platform != "linux":
        raise CompilerMissingError(
            f"Kernels run on the CPU on Linux only, and this is {sys.platform}; a container has it."
        )
    for command in commands:
        if command and (found := shutil.which(command[0], path=path)):
            done = subprocess.run([found, *command[1:], "--version"], capture_output=True, text=True)
            if done.returncode == 0:
                folder = str(Path(found).parent) if command == _zig() else ""
                return Compiler(tuple(command), done.stdout.splitlines()[0], folder)
    raise CompilerMissingError(f"Running kernels on the CPU needs a C++ compiler: {HOW_TO_GET_ONE}")


def bring_along(compiler: Compiler, built: Path, cache: Path) -> None:
    """The runtimes into a folder `built` that players see, with word of the compiler that kernels are compiled by."""
    for build in (FAST, CHECKED):
        shutil.copy(build_runtime(build, compiler, cache), built)
    (built / _COMPILER).write_text(json.dumps(asdict(compiler)))


def _brought_along() -> Compiler:
    told = Compiler(**json.loads((_BUILT / _COMPILER).read_text()))
    program, *options = told.command
    if told.folder and _TOOLS.is_dir():
        program = str(_TOOLS / Path(program).name)
    return Compiler((program, *options), told.version, told.folder)


def build_runtime(build: str, compiler: Compiler, cache: Path) -> Path:
    """The runtime as a shared library, compiled once for each compiler."""
    flags = ["-O2", "-std=c++17", "-fPIC", "-fno-exceptions", "-fno-rtti", "-fvisibility=hidden", "-w"]

    def make(target: Path, name: str) -> None:
        link = ["-shared", f"-Wl,-soname,{name}", "-o", str(target), str(NATIVE / f"{build}.cpp"), "-lm"]
        _run([*compiler.command, *flags, *link])

    return _cached(cache, f"runtime-{build}", _digest(compiler, flags, native_code(NATIVE)), make)


def native_code(folder: Path) -> bytes:
    """All that lies there, in short: what is built of it is built again when a file of it changes, moves or goes."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    found = [(file.relative_to(folder).as_posix(), hashlib.sha256(file.read_bytes()).hexdigest()) for file in files]
    return ascii(found).encode()


def build_kernel(translation: Translation, runtime: Path, build: str, include: tuple[str, ...], cache: Path) -> Path:
    """The kernels of a source as a shared library that calls this runtime.

    Raises CompilerMissingError and DoesNotCompileError.
    """
    compiler = find_compiler()
    flags = compiler.kernel_flags(build)
    headers = [f"-I{folder}" for folder in (NATIVE / "headers", *include)]

    def make(target: Path, _: str) -> None:
        source, half, dump = (target.with_name(name) for name in (FILE, "kernel.o", "watched.txt"))
        source.write_text(translation.text)
        text = screening.screened(_preprocessed(source, compiler, headers), marks_loops=build == CHECKED)
        source.write_text(text + translation.behind)
        if build == FAST:
            _compile(source, half, compiler, [*flags, "-c"])
        elif compiler.is_clang:
            _compile_completed(source, half, compiler, flags)
        else:
            _compile(source, half, compiler, [*flags, "-c", unwatched.DUMP.format(path=dump)])
        # Linked by itself: asked to sanitize, the compiler would link the sanitizer's own runtime.
        link = ["-shared", "-nostdlib", "-Wl,-Bsymbolic", "-o", str(target), str(half), str(runtime)]
        _run([*compiler.command, *link])
        if dump.exists():
            unwatched.refuse_unwatched(dump, translation.kernels, Image(target).functions_in_data)

    rules = [Path(file).read_text() for file in (screening.__file__, completed.__file__, unwatched.__file__)]
    content = "\0".join([runtime.name, *rules, translation.text, translation.behind]).encode()
    return _cached(cache, f"kernel-{build}", _digest(compiler, [*flags, *headers], content), make)


def _compile(source: Path, half: Path, compiler: Compiler, flags: list[str]) -> None:
    read = ["-x", "c++", "-include", str(NATIVE / "device.h"), str(source), "-o", str(half)]
    _run([*compiler.command, *flags, *read])


def _compile_completed(source: Path, half: Path, compiler: Compiler, flags: list[str]) -> None:
    """By clang, in two steps: between them, what it has left unwatched is added."""
    code = half.with_suffix(".ll")
    _compile(source, code, compiler, [*flags, "-S", "-emit-llvm"])
    code.write_text(completed.completed(code.read_text()))
    _run([*compiler.command, "-O1", "-fPIC", "-w", "-Xclang", "-disable-llvm-passes", "-c", str(code), "-o", str(half)])


def _preprocessed(source: Path, compiler: Compiler, headers: list[str]) -> str:
    """Macros replaced, but for CUDA's own, and with nothing by which a source could tell which build this is."""
    read = ["-E", *_COMMON, *headers, "-x", "c++", "-include", str(NATIVE / "words.h"), str(source)]
    return _run([*compiler.command, *read])


def _digest(compiler: Compiler, flags: list[str], content: bytes) -> str:
    program, *options = compiler.command
    identity = "\0".join([Path(program).name, *options, compiler.version, *flags, ""]).encode()
    return hashlib.sha256(identity + content).hexdigest()[:24]


def _cached(folder: Path, name: str, digest: str, make: Callable[[Path, str], None]) -> Path:
    """What `make` writes, or wrote before. It is given another path at first, so that nobody finds the half of it."""
    built = _BUILT / f"{name}-{digest}.so"
    target = built if built.exists() else folder / built.name
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as own:
            half = Path(own) / "half.so"
            make(half, target.name)
            half.replace(target)
    return target


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env={**os.environ, "LC_ALL": "C"})
    if done.returncode != 0:
        raise DoesNotCompileError(done.stderr.strip() or f"{command[0]} ended with status {done.returncode}")
    return done.stdout
