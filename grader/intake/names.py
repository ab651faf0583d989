"""Names that a student chose: which are refused or ignored, and what they become as a result folder."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from grader.text import clean

_MAX_NAME_BYTES = 255
_MAX_DEPTH = 32
_MAX_FOLDER_BYTES = 80
_IGNORED = {"__macosx", "__pycache__", "node_modules", "site-packages", "thumbs.db", "desktop.ini"}
_ENVIRONMENT = {"bin", "include", "lib", "lib64", "scripts", "share"}
_RESERVED = {  # devices of Windows
    *("", "con", "prn", "aux", "nul", "conin", "conout"),
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}
_FOLDER_PUNCTUATION = frozenset(" -_.,'()@+")
_DRIVE = re.compile(r"[A-Za-z]:")
_COPY_SUFFIX = re.compile(r"(?:\(\d+\)|copy)$", re.IGNORECASE)


def shown(name: str) -> str:
    """`name` in composed form (macOS decomposes Korean), on one line, with control characters as escapes."""
    composed = unicodedata.normalize("NFC", name)
    return clean(composed, limit=_MAX_NAME_BYTES).replace("\n", " ").replace("\t", " ")


def called(name: str) -> str:
    """The student of this name, as it is shown: blanks that nobody sees make no other name of it."""
    return " ".join(name.split()) or "(blank)"


def split_path(name: str) -> list[str]:
    """The parts of a path from an archive, with `.` left out (some tools write `./file`)."""
    return [part for part in name.split("/") if part != "."]


def why_unsafe(parts: Sequence[str], depth: int = 0) -> str:
    """Why a path of these parts, `depth` folders down, is refused (the end of a sentence), or ""."""
    if any(part in {"", ".", ".."} or _DRIVE.fullmatch(part) for part in parts):
        return "was refused, because its name leaves the submission"
    if any("\\" in part or "/" in part for part in parts):
        return "was refused, because its name contains a slash or a backslash"
    if any(unicodedata.category(char)[0] == "C" for part in parts for char in part):
        return "was refused, because its name contains invisible or undecodable characters"
    if depth + len(parts) > _MAX_DEPTH or any(len(part.encode()) > _MAX_NAME_BYTES for part in parts):
        return "was refused, because its name is too long or too deeply nested"
    return ""


def is_ignored(name: str, siblings: Collection[str] = ()) -> bool:
    """Whether tools put this file or folder there, not the student: hidden, caches, installed packages."""
    in_environment = "pyvenv.cfg" in siblings and name.casefold() in _ENVIRONMENT
    return name.startswith(".") or name.casefold() in _IGNORED or in_environment


def is_kit_file(name: str) -> bool:
    """Whether this is a test that came with the exercises; leaving it out needs no remark."""
    return name.startswith("test_") or name in {"conftest.py", "__init__.py"}


def is_zip(name: str) -> bool:
    """Whether this is the name of an archive that intake opens."""
    return name.casefold().endswith(".zip")


def by_name(exercises: Iterable[str]) -> dict[str, str]:
    """The exercises by their case-folded name: how files and notebook cells refer to them."""
    return {exercise.casefold(): exercise for exercise in exercises}


def exercise_named(file_name: str, wanted: dict[str, str]) -> str:
    """The exercise a file is named after, or ""; `Fetch_All.py` and `fetch_all (1).py` are `fetch_all`."""
    stem = file_name.rpartition(".")[0]
    return wanted.get(stem.casefold()) or wanted.get(_without_copy_suffix(stem).casefold(), "")


def _without_copy_suffix(stem: str) -> str:
    """Without ` (1)` or ` - Copy`, as browsers and file managers add."""
    # In steps: a single pattern with blanks in it could be made to crawl.
    found = _COPY_SUFFIX.search(stem.rstrip())
    return stem if found is None else stem[: found.start()].rstrip().removesuffix("-").rstrip()


def result_folder(student: str, digits: int = 0) -> str:
    """A directory name for this student's results: the id itself where that is safe, else close to it.

    It depends on nothing but the id, so a student keeps the folder from run to run. `digits` of the id's digest make
    it differ from others'; an id that is not safe has eight at least.
    """
    kept = "".join(c if _is_plain(c) or c in _FOLDER_PUNCTUATION else "_" for c in student)
    kept = kept.lstrip(" .-").rstrip(" .")
    device = unicodedata.normalize("NFKC", kept.partition(".")[0]).strip().casefold()
    is_reserved = device in _RESERVED
    if not digits and kept == student and len(kept.encode()) <= _MAX_FOLDER_BYTES and not is_reserved:
        return kept
    digest = hashlib.sha256(student.encode()).hexdigest()[: max(digits, 8)]
    short = kept.replace(".", "_").encode()[: _MAX_FOLDER_BYTES - len(digest) - 1].decode(errors="ignore")
    return unicodedata.normalize("NFC", f"{short or 'student'}-{digest}")


def _is_plain(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"
