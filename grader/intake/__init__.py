"""From what an instructor has (folders, zips, notebooks, bulk downloads) to submissions as plain bytes.

Nothing of a student's is imported, compiled or unpacked to disk here. Trouble with one hand-in becomes a
remark on that student and never stops the others.
"""

from collections.abc import Collection, Iterable
from contextlib import ExitStack
from pathlib import Path

from grader.intake.discover import Handin, find_handins
from grader.intake.model import SourceFile, Submission
from grader.intake.names import result_folder
from grader.intake.take import take

__all__ = ["SourceFile", "Submission", "read_submissions"]


def read_submissions(paths: Iterable[Path], exercises: Collection[str]) -> list[Submission]:
    """The submissions at the paths, each with the file taken for every exercise that was handed in.

    Raises InputError if a path is missing or unreadable or holds no hand-in, or if a student is found twice.
    """
    with ExitStack() as open_files:
        return [_read(handin, exercises) for handin in find_handins(paths, exercises, open_files)]


def _read(handin: Handin, exercises: Collection[str]) -> Submission:
    files, notes = take(handin.root, exercises)
    return Submission(handin.student, result_folder(handin.student), files, handin.notes + notes)
