"""Ways to break the launcher on purpose, each found out by the attack that `test_sabotage` names for it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.catalogue import Exercise
from grader.evidence import compare
from grader.player import wire
from grader.sandbox import configure, launch, zygote


def shows_the_hosts_files() -> None:
    """The folder around the judge's temporary files is bound into the sandbox."""
    around = str(Path(tempfile.gettempdir()).parent)
    build = configure.as_root  # type: ignore[attr-defined]

    def with_more(*arguments: Any) -> dict[str, Any]:
        root = build(*arguments)
        return {**root, "binds": [*root["binds"], (around, "/box/host")]}

    configure.as_root = with_more  # type: ignore[attr-defined, assignment]


def keeps_the_hosts_network() -> None:
    _change_player("namespaces.py", "| 0x40000000 |", "|")
    _change_player("namespaces.py", "    _loopback_up()\n", "")


def passes_the_environment_on() -> None:
    zygote._CLEAN_ENVIRONMENT.update(os.environ)


def passes_a_descriptor_on() -> None:
    """An open folder of the host's stays open in the player, and no Landlock keeps it from being used."""
    around = str(Path(tempfile.gettempdir()).parent)
    _change_player("zygote.py", "    gc.freeze()", f"    gc.freeze(); os.open({around!r}, os.O_RDONLY)")
    _change_player("landlock.py", "    version = abi()", "    version = 0")


def sends_the_hidden_tests_inside() -> None:
    scenarios = vars(Exercise)["scenarios"]

    def with_tests(exercise: Exercise) -> str:
        return str(scenarios.func(exercise)) + f"\nTESTS = {exercise.hidden_tests.read_text()!r}\n"

    Exercise.scenarios = property(with_tests)  # type: ignore[assignment]


def leaves_processes_behind() -> None:
    """On the rung without namespaces: nobody kills what the player has started."""
    _change_player("enclosures.py", "            while True:\n", "            while False:\n")


def lets_signals_out() -> None:
    """On the rung without namespaces: no user of its own, no scope for signals."""
    launch.student_id = lambda pid: None  # type: ignore[attr-defined]
    _change_player("landlock.py", "_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 3", "_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 0")


def compares_by_the_students_word() -> None:
    """What cannot cross the wire equals everything, as the student's own __eq__ says."""
    compare.same = lambda left, right: True if type(left) is wire.Opaque else left == right


def _change_player(file: str, old: str, new: str) -> None:
    """In the copy of the player's code that goes inside."""
    copy = zygote.Zygote._copy_player

    def changed(self: zygote.Zygote) -> None:
        copy(self)
        path = self.kit / "grader" / "player" / file
        text = path.read_text()
        assert old in text, f"{file} holds no {old!r} any more"
        path.write_text(text.replace(old, new))

    zygote.Zygote._copy_player = changed  # type: ignore[method-assign]


SABOTAGES: dict[str, Callable[[], None]] = {
    sabotage.__name__: sabotage
    for sabotage in (
        *(shows_the_hosts_files, keeps_the_hosts_network, passes_the_environment_on, passes_a_descriptor_on),
        *(sends_the_hidden_tests_inside, leaves_processes_behind, lets_signals_out, compares_by_the_students_word),
    )
}
