"""Telling whose hand-in is what: one student's folder or zip, a class of them, or a platform's bulk download.

A folder of folders (or zips) is a class, unless it holds a solution or a notebook itself, is a git checkout,
or is laid out like the exercises. Three folders with the same exercise are a class whatever lies beside them: nobody
makes it one student's by what he puts there. A zip is one student's work unless two of its folders (or zips) hold the
same exercise; a single folder around everything in a zip is looked through.
"""

import re
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path, PurePosixPath

from grader.errors import InputError
from grader.intake.clashes import distinct_students
from grader.intake.lms import by_student, is_upload
from grader.intake.names import by_name, called, exercise_named, is_zip, shown
from grader.intake.tree import (
    File,
    Folder,
    Node,
    RefusedError,
    disk_file,
    disk_folder,
    open_regular,
    opened_folder,
    visible,
    walk,
)
from grader.intake.zips import open_zip

_MAX_SAMPLED = 2000
_CLEARLY_A_CLASS = 3  # folders with the same exercise: whatever lies beside them, or somebody has put there
_WORKSPACE_FOLDER = re.compile(r"exercises|\d\d_\w+")


@dataclass(frozen=True, slots=True)
class Handin:
    """One student's files before any is read. `origin` tells the instructor where they come from.

    `found` is the name as it lies there, of which `student` is what is shown.
    """

    student: str
    found: str
    origin: str
    root: Folder
    notes: list[str] = field(default_factory=list)


def find_handins(
    paths: Iterable[Path], exercises: Collection[str], open_files: ExitStack, out: Path | None = None
) -> list[Handin]:
    """Every hand-in at the paths, where `out` is none. The zips given stay open until `open_files` closes.

    Raises InputError if a path is missing or unreadable or holds no hand-in, or if a student is found twice.
    """
    wanted = by_name(exercises)
    handins: list[Handin] = []
    for origin, root, is_archive in _roots(paths, open_files, out):
        found = list(_split(origin, root, is_archive, wanted))
        if not found:
            expected = "a folder or zip per student, or files named after the exercises"
            raise InputError(f"{origin} holds no hand-in: expected {expected}.")
        handins += found
    _refuse_duplicates(handins)
    return _told_apart(handins)


def _roots(paths: Iterable[Path], open_files: ExitStack, out: Path | None) -> Iterator[tuple[str, Folder, bool]]:
    """What each path holds, and whether it is an archive; single files from one folder are taken together."""
    loose: dict[Path, list[Node]] = {}
    for given in paths:
        path = _existing(given)
        if path.is_dir():
            yield shown(str(given)), _without(out, path), False
        elif is_zip(path.name) and not is_upload(disk_file(path)):
            yield shown(str(given)), _given_zip(path, open_files), True
        else:
            loose.setdefault(path.parent, []).append(disk_file(path))
    for parent, files in loose.items():
        origin = shown(str(parent / files[0].name))
        yield origin, Folder(shown(parent.name), files.copy, parent.name), False


def _without(out: Path | None, path: Path) -> Folder:
    """The folder at `path`, but for the one in it that results are written to."""
    folder = disk_folder(path)
    if out is None or out.parent != path:
        return folder
    name = out.name
    return replace(folder, children=lambda: [child for child in folder.children() if child.found != name])


def _existing(path: Path) -> Path:
    try:
        found = path.resolve() if path.name in {"", ".."} else path.parent.resolve() / path.name
        mode = found.lstat().st_mode
        if stat.S_ISDIR(mode):
            with opened_folder(found):
                pass
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "not a valid path"
        raise InputError(f"{shown(str(path))} cannot be read ({reason}); check the path.") from None
    if stat.S_ISLNK(mode):
        raise InputError(f"{shown(str(path))} is a symbolic link; give the file or folder that it points to.")
    return found


def _given_zip(path: Path, open_files: ExitStack) -> Folder:
    try:
        archive = open_zip(open_files.enter_context(open_regular(path)), shown(path.stem))
        return replace(archive, found=path.name)
    except RefusedError as refused:
        raise InputError(f"{shown(str(path))} {refused}; download it again or unpack it yourself.") from None


def _split(origin: str, root: Folder, is_archive: bool, wanted: dict[str, str]) -> Iterator[Handin]:
    top = _unwrapped(root) if is_archive else root
    nodes = visible(top)
    if bundles := by_student(nodes):
        for bundle in bundles:
            notes = [f"{name} was replaced by a later upload." for name in bundle.replaced]
            student = bundle.root.name
            yield Handin(called(student), student, f"{origin} ({student})", bundle.root, notes)
    elif _is_one_students(top, nodes, is_archive, wanted):
        yield Handin(called(root.name), root.found, origin, root)
    else:
        for node in dict.fromkeys(nodes):  # an archive may name the same thing twice
            if folder := _as_students(node):
                yield Handin(called(folder.name), folder.found, f"{origin}/{node.name}", folder)


def _unwrapped(folder: Folder) -> Folder:
    """The first folder that holds more than just one other folder."""
    match visible(folder):
        case [Folder() as only]:
            return _unwrapped(only)
        case _:
            return folder


def _is_one_students(folder: Folder, nodes: list[Node], is_archive: bool, wanted: dict[str, str]) -> bool:
    folders = [node for node in nodes if isinstance(node, Folder)]
    if _most_alike(folders, wanted) >= _CLEARLY_A_CLASS:
        return False
    if any(child.name == ".git" for child in folder.children()):
        return True
    if any(isinstance(node, File) and _solves(node, wanted) and not is_zip(node.name) for node in nodes):
        return True
    like_exercises = any(
        isinstance(node, Folder) and (node.name in wanted or _WORKSPACE_FOLDER.fullmatch(node.name)) for node in nodes
    )
    return (is_archive or like_exercises) and _most_alike(nodes, wanted) < 2


def _most_alike(nodes: Iterable[Node], wanted: dict[str, str]) -> int:
    """How many of them hold the same exercise, as the folders of students do."""
    holders = Counter(exercise for node in nodes for exercise in _held(node, wanted))
    return max(holders.values(), default=0)


def _held(node: Node, wanted: dict[str, str]) -> set[str]:
    """The exercises a node holds, judged by names alone."""
    if isinstance(node, File):
        return _solves(node, wanted)
    below = islice(walk(node), _MAX_SAMPLED) if isinstance(node, Folder) else ()
    return {exercise for _, child in below if isinstance(child, File) for exercise in _solves(child, wanted)}


def _solves(file: File, wanted: dict[str, str]) -> set[str]:
    """The exercises a file may solve by its name; a zip or a notebook may solve any."""
    suffix = PurePosixPath(file.name).suffix.casefold()
    if suffix not in {".py", ".ipynb", ".zip"}:
        return set()
    if exercise := exercise_named(file.name, wanted):
        return {exercise}
    return set() if suffix == ".py" else set(wanted.values())


def _as_students(node: Node) -> Folder | None:
    """The node of a class as one student's folder; a stray file is nobody's."""
    if isinstance(node, Folder):
        return node
    if isinstance(node, File) and not is_zip(node.name):
        return None
    name = node.name.rpartition(".")[0] if isinstance(node, File) else node.name
    return Folder(name, lambda: [node], node.found)


def _refuse_duplicates(handins: Iterable[Handin]) -> None:
    origins: dict[str, str] = {}
    for handin in handins:
        if handin.found in origins:
            places = f"{origins[handin.found]} and {handin.origin}"
            raise InputError(f"{handin.student} is found twice, in {places}; leave one of them out.")
        origins[handin.found] = handin.origin


def _told_apart(handins: list[Handin]) -> list[Handin]:
    """Those who would be called the same are called differently, and a note says whose name is written how."""
    students = distinct_students({handin.found: handin.student for handin in handins})
    bearers = Counter(handin.student for handin in handins)
    return [_renamed(handin, students[handin.found], bearers[handin.student] > 1) for handin in handins]


def _renamed(handin: Handin, student: str, is_shared: bool) -> Handin:
    if not is_shared and student == handin.student:
        return handin
    note = f"{handin.student} is the name of several hand-ins; this one is called {handin.found!a} there."
    return replace(handin, student=student, notes=[*handin.notes, note])
