"""How packages come into the sandbox: with the zygote, and in folders of their own; nothing else does.

The folders in which packages are installed stay covered there, as the kit may be installed beside them. So a package is
imported before the first player is made, as whole as student code may need it; interpreters that student code starts
afresh find it in its own folder, which is shown. What is the kit's own is copied into the folder of the kit.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from grader.cuda.compiler import CompilerMissingError, bring_along, cache_folder, find_compiler_of_players

from .interpreter import Interpreter, installed_packages
from .packages import Package, PackageMissingError
from .view import BOX_KIT, PATH

_CUDA = Path(__file__).parent.parent / "cuda"


def folders_of(packages: list[Package], interpreter: Interpreter) -> list[str]:
    """Where the zygote finds what it imports. Raises PackageMissingError."""
    return list(dict.fromkeys(folder for _, folder in _found(packages, interpreter)))


def installed_parts(packages: list[Package], interpreter: Interpreter) -> list[str]:
    """The folders of these packages alone, and of the libraries that came with them. Raises PackageMissingError."""
    parts = [
        os.path.join(folder, part) for name, folder in _found(packages, interpreter) for part in (name, f"{name}.libs")
    ]
    return [part for part in parts if os.path.isdir(part)]


def _found(packages: list[Package], interpreter: Interpreter) -> list[tuple[str, str]]:
    """What they import, by top name, and in which folder that is."""
    extras = {module.partition(".")[0]: package.extra for package in packages for module in package.imported}
    return [(name, _folder_of(name, extra, interpreter)) for name, extra in extras.items()]


def _folder_of(name: str, extra: str, interpreter: Interpreter) -> str:
    """Ours if its binary parts fit that Python, else the one that is installed for it."""
    candidates = [folder for prefix in interpreter.prefixes for folder in installed_packages(prefix)]
    own = importlib.util.find_spec(name)
    fits = interpreter.version.split(".")[:2] == [str(part) for part in sys.version_info[:2]]
    if fits and own is not None and own.origin is not None:
        found = Path(own.origin)
        candidates.insert(0, str(found.parent.parent if found.stem == "__init__" else found.parent))
    for folder in candidates:
        if os.path.isdir(os.path.join(folder, name)) or os.path.isfile(os.path.join(folder, f"{name}.py")):
            return folder
    wanted = f"'concurrency-kit[{extra}]'" if extra else name
    raise PackageMissingError(f"This needs {name}: {interpreter.executable} -m pip install {wanted}")


def add_to_kit(names: frozenset[str], kit: Path, interpreter: Interpreter) -> str:
    """Copies what is the kit's own into the folder that players are shown. Raises PackageMissingError.

    Returns a folder of the machine that they need besides, or nothing.
    """
    if "pycuda" not in names:
        return ""
    try:
        compiler = find_compiler_of_players(PATH)
    except CompilerMissingError as e:
        raise PackageMissingError(str(e)) from e
    shutil.copytree(_CUDA, kit / "grader" / "cuda", ignore=shutil.ignore_patterns("__pycache__"))
    built = kit / "grader" / "cuda" / "built"
    built.mkdir()
    bring_along(compiler, built, cache_folder())
    _compile_modules(kit, interpreter)
    return compiler.folder


def _compile_modules(kit: Path, interpreter: Interpreter) -> None:
    """To bytecode, as every player would do for itself. It names files as players with a root of their own see them."""
    options = ["-I", "-m", "compileall", "-q", "-s", str(kit), "-p", BOX_KIT, str(kit / "grader" / "cuda")]
    subprocess.run([interpreter.executable, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
