"""From what an instructor has (folders, zips, notebooks, bulk downloads) to submissions as plain bytes.

Nothing of a student's is imported, compiled or unpacked to disk here. Trouble with one hand-in becomes a
remark on that student and never stops the others.
"""

from collections.abc import Collection, Iterable
from contextlib import ExitStack
from pathlib import Path

from grader.intake.clashes import result_folders
from grader.intake.discover import Handin, find_handins
from grader.intake.model import SourceFile, Submission
from grader.intake.names import result_folder
from grader.intake.take import take

__all__ = ["SourceFile", "Submission", "read_submissions"]


def read_submissions(paths: Iterable[Path], exercises: Collection[str], out: Path | None = None) -> list[Submission]:
    """The submissions at the paths, each with the file taken for every exercise that was handed in.

    `out`, where results are written to, is none of them; it is a path without links.

    Raises InputError if a path is missing or unreadable or holds no hand-in, or if a student is found twice. Where
    names only look the same, notes say which is whose.
    """
    with ExitStack() as open_files:
        handins = find_handins(paths, exercises, open_files, out)
        folders = result_folders(handin.student for handin in handins)
        return [_read(handin, folders[handin.student], exercises) for handin in handins]


def _read(handin: Handin, folder: str, exercises: Collection[str]) -> Submission:
    files, notes = take(handin.root, exercises)
    return Submission(handin.student, folder, files, [*handin.notes, *_clash(handin, folder), *notes])


def _clash(handin: Handin, folder: str) -> list[str]:
    """A note where another student's folder would have had the same name."""
    if folder == result_folder(handin.student):
        return []
    alike = "Another student's name differs from this one in case or in the form of its letters only"
    return [f"{alike}: the results of this one are in students/{folder}."]
