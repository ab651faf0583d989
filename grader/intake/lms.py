"""What learning platforms call the files of a bulk download. They put the student into the name.

Moodle      Full Name_123456_assignsubmission_file_/fetch_all.py, or the same with the file's name at the end
Canvas      lastfirst_LATE_12345_67890_fetch_all-1.py; the last number counts resubmissions
Blackboard  gradebook_COURSE_userid_attempt_2026-03-01-12-00-00_fetch_all.py, with a .txt about each attempt
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from grader.intake.tree import Folder, Node

_MOODLE = re.compile(r"(?P<student>.+_\d+)_assignsubmission_[a-z]+_?(?P<file>.*)")
_CANVAS = re.compile(
    r"(?P<name>.+?)(?:_LATE)?_(?P<user>\d+)_(?P<upload>\d+)_"
    r"(?P<stem>.+?)(?:-(?P<again>\d+))?(?P<suffix>\.\w+)"
)
_BLACKBOARD = re.compile(r"gradebook_.+_(?P<student>[^_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)")


@dataclass(frozen=True, slots=True)
class _Upload:
    """Whose file this is, what the student called it ("" for a folder of files), and how recent it is."""

    student: str
    file: str
    recency: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that one student uploaded, and what of it a later upload replaced."""

    root: Folder
    replaced: list[str]


def by_student(nodes: Iterable[Node]) -> list[Bundle]:
    """The uploads of each student; none if these are not the names of a bulk download."""
    uploads: defaultdict[str, list[tuple[_Upload, Node]]] = defaultdict(list)
    for node in nodes:
        if upload := _upload(node):
            uploads[upload.student].append((upload, node))
    return [_bundle(student, theirs) for student, theirs in uploads.items()]


def is_upload(node: Node) -> bool:
    """Whether this is named as in a bulk download."""
    return _upload(node) is not None


def _upload(node: Node) -> _Upload | None:
    if match := _MOODLE.fullmatch(node.name):
        return _Upload(match["student"], match["file"])
    if isinstance(node, Folder):
        return None
    if match := _BLACKBOARD.fullmatch(node.name):
        recency = tuple(map(int, match["time"].split("-")))
        return _Upload(match["student"], match["file"] or node.name, recency)
    if match := _CANVAS.fullmatch(node.name):
        recency = (int(match["again"] or 0), int(match["upload"]))
        return _Upload(f"{match['name']}_{match['user']}", match["stem"] + match["suffix"], recency)
    return None


def _bundle(student: str, uploads: list[tuple[_Upload, Node]]) -> Bundle:
    folders: list[Folder] = []
    latest: dict[str, Node] = {}
    replaced: list[str] = []
    for upload, node in sorted(uploads, key=lambda pair: pair[0].recency):
        if isinstance(node, Folder):
            folders.append(node)
            continue
        if upload.file in latest:
            replaced.append(latest[upload.file].name)
        latest[upload.file or node.name] = node

    def contents() -> list[Node]:
        renamed: list[Node] = [replace(node, name=file) for file, node in latest.items()]
        return renamed + [child for folder in folders for child in folder.children()]

    return Bundle(Folder(student, contents), replaced)
