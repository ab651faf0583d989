"""The scene of an attack: canaries where secrets would lie, and the means to see whether any of it was touched."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from grader.sandbox.identity import FIRST_STUDENT_ID

_TARGET = Path(__file__).parent / "fixtures" / "target"
_RIGHT = Path(__file__).parent / "corpus" / "controls" / "threads.py"
_SUITE = "grader/suites/01_target/parallel_map/test_parallel_map.py"
_CLEANING_UP_S = 5.0
_WRITABLE_BY_ALL = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/dev/mqueue")


class Scene:
    """Use as a context manager. `folder` holds everything; `catalogue`, `home` and `temporary` lie in it.

    `canaries` are random words, by the place where each was put; none may ever come out of a player.
    """

    def __init__(self) -> None:
        self._resources = ExitStack()
        self._token = secrets.token_hex(8)
        self.canaries: dict[str, str] = {}
        self.folder = Path(self._resources.enter_context(tempfile.TemporaryDirectory(prefix="attacked-")))
        self.folder.chmod(0o755)
        self.catalogue, self.home, self.temporary = (self.folder / name for name in ("catalogue", "home", "tmp"))
        self._furnish()
        self.visitors: list[str] = []
        self.port = self._serve(socket.create_server(("127.0.0.1", 0)), "loopback").getsockname()[1]
        self.abstract = f"attacked-{self._token}"
        self._serve(self._abstract_server(), "abstract")
        self._shared_before = self._shared()

    def canary(self, place: str) -> str:
        return self.canaries.setdefault(place, f"CANARY-{place}-{self._token}")

    def _furnish(self) -> None:
        shutil.copytree(_TARGET, self.catalogue)
        suite = self.catalogue / _SUITE
        suite.write_text(suite.read_text().replace("@CANARY-hidden-tests@", self.canary("hidden-tests")))
        for path, place in (
            ("submissions/other/parallel_map.py", "other-submission"),
            ("home/grades.csv", "home"),
            ("home/.ssh/id_ed25519", "key"),
        ):
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"# {self.canary(place)}\n")
        self._write_reference()
        self.temporary.mkdir(mode=0o755)

    def _write_reference(self) -> None:
        """It must be right, as it shows what can be judged here."""
        file = self.catalogue / "solutions/01_target/parallel_map/parallel_map.py"
        file.parent.mkdir(parents=True)
        file.write_text(f"{_RIGHT.read_text()}\n# {self.canary('reference')}\n")

    def _abstract_server(self) -> socket.socket:
        server = socket.socket(socket.AF_UNIX)
        server.bind("\0" + self.abstract)
        server.listen()
        return server

    def _serve(self, server: socket.socket, place: str) -> socket.socket:
        """Tells a canary to whoever connects, and remembers that somebody did."""
        canary = self.canary(place).encode()

        def answer() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                self.visitors.append(place)
                with connection:
                    connection.sendall(canary)

        threading.Thread(target=answer, daemon=True).start()
        self._resources.callback(server.close)
        self._resources.callback(server.shutdown, socket.SHUT_RDWR)
        return server

    def environment(self) -> dict[str, str]:
        """What the judge is started with."""
        return {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "GRADER_SECRET": self.canary("environment"),
        }

    def fill_in(self, text: str, judge: int) -> str:
        """`text` with what only a very well informed attacker would know."""
        known = {"SCENE": self.folder, "JUDGE": judge, "PORT": self.port, "ABSTRACT": self.abstract}
        for name, value in known.items():
            text = text.replace(f"@{name}@", str(value))
        return text

    def leaked(self, data: bytes) -> list[str]:
        """The places whose canary is in `data`."""
        return [place for place, canary in self.canaries.items() if canary.encode() in data]

    def snapshot(self) -> dict[str, tuple[int, int, bytes]]:
        """Mode, modification time and content of every file and folder, but for the judge's temporary files."""
        found = {}
        for path in self.folder.rglob("*"):
            if not path.is_relative_to(self.temporary) and "__pycache__" not in path.parts:
                about = path.lstat()
                found[str(path)] = (about.st_mode, about.st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        return found

    def leftovers(self) -> list[str]:
        """What lies in a folder that everybody can write to, and did not at first, and is a student's.

        Another judge may be about to clean up after a player that has just ended: what is left for good is still there
        when it had time to.
        """
        left = self._left()
        give_up = time.monotonic() + _CLEANING_UP_S
        while left and time.monotonic() < give_up:
            time.sleep(0.1)  # sleep: until another judge has cleaned up, or it is plain that nobody will
            left = self._left()
        return left

    def _left(self) -> list[str]:
        return sorted(path for path in self._shared() - self._shared_before if _is_a_students(path))

    def _shared(self) -> set[str]:
        folders = [*map(Path, _WRITABLE_BY_ALL), self.home, self.folder / "submissions" / "other"]
        return {str(path) for folder in folders if folder.is_dir() for path in folder.iterdir()}

    def close(self) -> None:
        self._resources.close()

    def __enter__(self) -> Scene:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _is_a_students(path: str) -> bool:
    """Of a student whose player is gone: others are judged at the same time."""
    try:
        owner = os.lstat(path).st_uid
    except OSError:
        return False
    if owner == os.getuid() != 0:
        return "attack-" in path  # players are whoever the judge is
    return owner >= FIRST_STUDENT_ID and not Path(f"/proc/{owner - FIRST_STUDENT_ID}").exists()
