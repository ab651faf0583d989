"""From one student's files to the one taken for each exercise."""

from collections.abc import Collection

from grader.intake.model import SourceFile
from grader.intake.search import MAX_NAMED, Candidate, Search, some
from grader.intake.tree import Folder

_MAX_NOTES = 20


def take(root: Folder, exercises: Collection[str]) -> tuple[dict[str, SourceFile], list[str]]:
    """The file for each exercise that was handed in, and remarks on the rest.

    Where part of the submission cannot be read, an exercise not found elsewhere is refused, not missing.
    """
    found = Search(exercises)
    found.look_through(root)
    files: dict[str, SourceFile] = {}
    notes = list(found.troubles)
    for exercise in exercises:
        if candidates := found.candidates.get(exercise):
            files[exercise], remarks = _choose(exercise, candidates)
            notes += remarks
        elif found.troubles:
            files[exercise] = SourceFile("the submission", refused=found.troubles[0])
    if found.unasked:
        notes.append(f"Not needed for any exercise being graded: {some(found.unasked)}.")
    if len(notes) > _MAX_NOTES:
        notes[_MAX_NOTES:] = [f"There are {len(notes) - _MAX_NOTES} more remarks like these."]
    return files, notes


def _choose(exercise: str, candidates: list[Candidate]) -> tuple[SourceFile, list[str]]:
    """The one nearest to the top, the exact name before any other; refused if several are equally good."""
    pool = [candidate for candidate in candidates if candidate.exact] or candidates
    top = min(candidate.depth for candidate in pool)
    best, *rivals = [candidate for candidate in pool if candidate.depth == top]
    if rivals:
        paths = " and ".join(candidate.path for candidate in [best, *rivals][:MAX_NAMED])
        reason = f"There are several solutions for {exercise}: {paths}. Keep one and hand in again."
        return SourceFile(best.path, refused=reason), []
    others = [candidate.path for candidate in candidates if candidate is not best]
    return best.load(), [f"{path} was not used, because {best.path} comes first." for path in others]
