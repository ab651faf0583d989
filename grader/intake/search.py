"""Looking through one student's files for anything that may solve an exercise, within fixed bounds."""

import io
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from grader.intake.model import SourceFile
from grader.intake.names import by_name, exercise_named, is_kit_file, is_zip
from grader.intake.notebook import Cell, as_python, exercise_cells
from grader.intake.tree import File, Folder, Node, Refusal, RefusedError, TooLargeError, walk
from grader.intake.zips import open_zip

MAX_SOURCE = 1 << 20
MAX_NOTEBOOK = 8 << 20
MAX_SUBMISSION = 16 << 20
MAX_ENTRIES = 2000
MAX_NAMED = 5
_OTHER_ARCHIVES = {".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be the one for an exercise; `exact` if it has the very name."""

    path: str
    exact: bool
    load: Callable[[], SourceFile]

    @property
    def depth(self) -> int:
        """How many folders (and archives) it lies in."""
        return self.path.count("/")


class _Allowance:
    """Reads files until MAX_SUBMISSION bytes are used up."""

    def __init__(self) -> None:
        self._left = MAX_SUBMISSION

    def read(self, file: File, limit: int) -> bytes:
        """The file's bytes, at most `limit`; raises RefusedError."""
        if self._left <= 0:
            allowed = f"{MAX_SUBMISSION >> 20} MiB"
            raise RefusedError(f"was not read, because the files before it used up the {allowed} allowed")
        cost = limit // 16  # a failed read costs too, or a thousand bombs would be unpacked one by one
        try:
            data = file.read(limit)
            cost = len(data)
        finally:
            self._left -= cost
        return data


class Search:
    """What a submission holds: candidates by exercise, what cannot be looked into, code nobody asked for."""

    def __init__(self, exercises: Collection[str]) -> None:
        self.candidates: defaultdict[str, list[Candidate]] = defaultdict(list)
        self.troubles: list[str] = []
        self.unasked: list[str] = []
        self._wanted = by_name(exercises)
        self._allowance = _Allowance()

    def look_through(self, root: Folder) -> None:
        """Note everything of interest below the folder. Only archives and notebooks are read."""
        for count, (path, node) in enumerate(self._entries(root)):
            if count == MAX_ENTRIES:
                self.candidates.clear()
                self.troubles = [f"There are more than {MAX_ENTRIES} files; hand in the exercises only."]
                return
            if isinstance(node, Refusal):
                self.troubles.append(f"{path} {node.reason}.")
            elif isinstance(node, File):
                self._look_at(path, node)

    def _entries(self, root: Folder) -> Iterator[tuple[str, Node]]:
        """Everything in the submission. A zip in it is entered like a folder; a zip in that zip is not."""
        for path, node in walk(root):
            if not isinstance(node, File) or not is_zip(node.name):
                yield path, node
                continue
            try:
                archive = open_zip(io.BytesIO(self._allowance.read(node, MAX_SUBMISSION)), node.name)
            except RefusedError as refused:
                yield path, Refusal(node.name, str(refused))
            else:
                yield from walk(archive, path)

    def _look_at(self, path: str, file: File) -> None:
        suffix = PurePosixPath(file.name).suffix.casefold()
        exercise = exercise_named(file.name, self._wanted)
        if suffix == ".ipynb":
            self._look_into_notebook(path, file, exercise)
        elif suffix == ".py" and exercise:
            note = _rename_note(file.name, exercise)
            load = partial(_source_file, path, file, note, self._allowance)
            self.candidates[exercise].append(Candidate(path, not note, load))
        elif suffix == ".py" and not is_kit_file(file.name):
            self.unasked.append(path)
        elif suffix in _OTHER_ARCHIVES or is_zip(file.name):
            self.troubles.append(f"{path} is an archive that is not opened; hand in one zip of plain files.")

    def _look_into_notebook(self, path: str, file: File, named_after: str) -> None:
        try:
            found = exercise_cells(self._allowance.read(file, MAX_NOTEBOOK), named_after, self._wanted)
        except RefusedError as refused:
            fix = "; clear its outputs and save it again" if isinstance(refused, TooLargeError) else ""
            self.troubles.append(f"{path} {refused}{fix}.")
            return
        for exercise, cells in found.items():
            note = _rename_note(file.name, exercise) if exercise == named_after else ""
            load = partial(_notebook_file, path, cells, note)
            self.candidates[exercise].append(Candidate(path, not note, load))
        if not found:
            self.unasked.append(path)


def some(names: list[str]) -> str:
    """The first few of the names, and how many more there are."""
    more = len(names) - MAX_NAMED
    return ", ".join(names[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")


def _source_file(path: str, file: File, note: str, allowance: _Allowance) -> SourceFile:
    try:
        return SourceFile(path, allowance.read(file, MAX_SOURCE), note)
    except RefusedError as refused:
        return SourceFile(path, refused=f"{path} {refused}.")


def _notebook_file(path: str, cells: list[Cell], note: str) -> SourceFile:
    numbers = [str(cell.number) for cell in cells]
    origin = f"{path} {'cell' if len(numbers) == 1 else 'cells'} {some(numbers)}"
    too_large = SourceFile(origin, refused=f"{path} has more than {MAX_SOURCE >> 20} MiB of code.")
    if sum(len(cell.text) for cell in cells) > MAX_SOURCE:
        return too_large
    source, ipython_lines = as_python(cells)
    if len(source) > MAX_SOURCE:  # in bytes, and lines for IPython have grown
        return too_large
    if ipython_lines:
        note = f"{note} IPython lines turned into comments: {ipython_lines}.".lstrip()
    return SourceFile(origin, source, note)


def _rename_note(name: str, exercise: str) -> str:
    """What to say about a file whose name is only almost that of the exercise; "" if it is exact."""
    suffix = PurePosixPath(name).suffix.casefold()
    right = exercise + suffix
    return "" if name == right else f"{name} was taken for {right}, which is not there."
