"""What intake hands on: a student's files as plain bytes, and the reason for each that cannot be used."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file taken for one exercise. `refused` says why it cannot be graded; `source` is then empty."""

    origin: str
    source: bytes = b""
    note: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's hand-in.

    `student` is shown to the instructor; `folder` is a safe directory name for the results, unique in a run.
    `files` maps an exercise to the file taken for it; an exercise that was not handed in is absent.
    `notes` say in one sentence each what was ignored or could not be read.
    """

    student: str
    folder: str
    files: dict[str, SourceFile] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
