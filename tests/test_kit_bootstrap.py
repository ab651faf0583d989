"""Drives the real `kit` script in a small stand-in project, without network.

The stand-in builds itself and has two commands, `grader` and `tox`, that tell what they were called with, as does its
tests/fast.py.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="drives kit as POSIX does")]

KIT = Path(__file__).parents[1] / "kit"
SETTING_UP = "Setting up .venv (once, about half a minute) ...\n"
BRINGING_UP_TO_DATE = "Bringing .venv up to date ...\n"

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "stand-in"
version = "1.0"
dependencies = []
optional-dependencies.dev = []
"""

BACKEND = """
import pathlib, tomllib, zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    dependencies = tomllib.loads(pathlib.Path("pyproject.toml").read_text())["project"]["dependencies"]
    metadata = ["Metadata-Version: 2.1", "Name: stand-in", "Version: 1.0", "Provides-Extra: dev"]
    metadata += [f"Requires-Dist: {dependency}" for dependency in dependencies]
    commands = ["[console_scripts]", "grader = commands:tell", "tox = commands:tell"]
    files = {
        "stand_in.pth": str(pathlib.Path.cwd()),
        "stand_in-1.0.dist-info/METADATA": "\\n".join(metadata),
        "stand_in-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any",
        "stand_in-1.0.dist-info/entry_points.txt": "\\n".join(commands),
    }
    name = "stand_in-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        for path, content in files.items():
            wheel.writestr(path, content)
        wheel.writestr("stand_in-1.0.dist-info/RECORD", "\\n".join(f"{path},," for path in files))
    return name
"""

COMMANDS = """
import json, os, pathlib, sys

def tell():
    name = pathlib.Path(sys.argv[0]).name
    print(json.dumps({"name": name, "arguments": sys.argv[1:], "folder": os.getcwd(), "pid": os.getpid()}))
    return int(sys.argv[2]) if sys.argv[1:2] == ["exit"] else 0
"""

FILES = {
    "pyproject.toml": PYPROJECT,
    "backend.py": BACKEND,
    "commands.py": COMMANDS,
    "tests/fast.py": "from commands import tell\n\ntell()\n",
}


@dataclass
class Kit:
    """A copy of `kit` in a stand-in project."""

    root: Path

    def start(self, *arguments: str, python: str = sys.executable, **environment: str) -> subprocess.Popen[str]:
        return self.start_command([python, str(self.root / "kit"), *arguments], **environment)

    def start_command(self, command: list[str], **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            cwd=self.root.parent,
            env={**os.environ, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def require(self, dependency: str) -> None:
        """Change pyproject.toml so that the project depends on `dependency` ("" for nothing)."""
        wanted = f"dependencies = {[dependency] if dependency else []}"
        (self.root / "pyproject.toml").write_text(PYPROJECT.replace("dependencies = []", wanted, 1))


@dataclass
class Ended:
    """What a finished process left behind."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, object]:
        """What the stand-in command told about how it was called."""
        told: dict[str, object] = json.loads(self.out)
        return told


def end(process: subprocess.Popen[str]) -> Ended:
    out, err = process.communicate()
    return Ended(process.returncode, out, err)


def stand_in(root: Path) -> Kit:
    (root / "tests").mkdir(parents=True)
    shutil.copy2(KIT, root / "kit")
    for name, content in FILES.items():
        (root / name).write_text(content)
    return Kit(root)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    """One stand-in for most tests, since each virtual environment costs seconds."""
    return stand_in(tmp_path_factory.mktemp("shared") / "project")


@pytest.fixture(scope="module")
def first_use(shared: Kit) -> Ended:
    return end(shared.start("list"))


@pytest.fixture
def installed(shared: Kit, first_use: Ended) -> Kit:
    """The shared stand-in, brought up to date whatever the test before did to it."""
    shared.require("")
    assert end(shared.start()).code == 0
    return shared


@pytest.fixture
def fresh(tmp_path: Path) -> Kit:
    return stand_in(tmp_path / "project")


def says_one_sentence(ended: Ended) -> bool:
    return (ended.code, ended.out) == (3, "") and ended.err.startswith("kit: ") and ended.err.count("\n") == 1


def fake_python(folder: Path, name: str, line: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{line}\n")
    (folder / name).chmod(0o755)


@pytest.fixture(params=["python2.7", "python3.6", "python3.10"])
def old_python(request: pytest.FixtureRequest) -> str:
    """A Python too old for the kit that really starts (pyenv's placeholders on PATH may not)."""
    for folder in os.get_exec_path():
        if path := shutil.which(request.param, path=folder):
            started = subprocess.run([path, "-c", "import sys; print(sys.executable)"], capture_output=True, text=True)
            if started.returncode == 0:
                return started.stdout.strip()
    pytest.skip(f"no {request.param} on PATH")


# --- handing over ---


def test_first_use_installs_with_one_line_of_notice(first_use: Ended) -> None:
    assert (first_use.code, first_use.err) == (0, SETTING_UP)
    assert first_use.told["name"] == "grader"


def test_later_use_is_silent(installed: Kit) -> None:
    ended = end(installed.start("list"))
    assert (ended.code, ended.err) == (0, "")


def test_kit_alone_shows_the_help(installed: Kit) -> None:
    assert end(installed.start()).told["arguments"] == ["--help"]


def test_arguments_folder_and_exit_code_are_the_commands_own(installed: Kit) -> None:
    ended = end(installed.start("exit", "7", "a b", "--", "-x"))
    assert ended.code == 7
    assert ended.told["arguments"] == ["exit", "7", "a b", "--", "-x"]
    assert ended.told["folder"] == str(installed.root.parent)


def test_signals_reach_the_command_because_kit_becomes_it(installed: Kit) -> None:
    process = installed.start("list")
    assert end(process).told["pid"] == process.pid


def test_test_hands_all_its_arguments_to_tox_in_the_projects_folder(installed: Kit) -> None:
    ended = end(installed.start("test", "-e", "py311", "--", "-k", "x"))
    assert ended.told["name"] == "tox"
    assert ended.told["arguments"] == ["-e", "py311", "--", "-k", "x"]
    assert ended.told["folder"] == str(installed.root)


def test_fast_hands_the_other_arguments_to_the_tests_of_a_minute(installed: Kit) -> None:
    ended = end(installed.start("test", "--fast", "-k", "x"))
    assert ended.told["name"] == "fast.py"
    assert ended.told["arguments"] == ["-k", "x"]
    assert ended.told["folder"] == str(installed.root)


def test_an_install_for_test_also_serves_the_grader(installed: Kit) -> None:
    installed.require("pip")
    assert end(installed.start("test")).err == BRINGING_UP_TO_DATE
    assert end(installed.start("list")).err == ""


# --- installing again ---


def test_a_changed_pyproject_is_installed(installed: Kit) -> None:
    installed.require("pip>=1")
    ended = end(installed.start("list"))
    assert (ended.code, ended.err) == (0, BRINGING_UP_TO_DATE)


def test_an_install_that_was_cut_short_is_redone(installed: Kit) -> None:
    (installed.root / "backend.py").write_text("import os\nos.kill(os.getppid(), 9)  # pip itself\n")
    installed.require("pip>=2")
    assert end(installed.start("list")).code == 3
    (installed.root / "backend.py").write_text(BACKEND)
    redone = end(installed.start("list"))
    assert (redone.code, redone.err) == (0, SETTING_UP)


def test_a_virtual_environment_without_its_interpreter_is_rebuilt(installed: Kit) -> None:
    python = installed.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(installed.root / "removed")
    ended = end(installed.start("list"))
    assert (ended.code, ended.err) == (0, SETTING_UP)


def test_a_moved_folder_is_set_up_again_where_it_is_now(installed: Kit) -> None:
    installed.root = installed.root.rename(installed.root.with_name("moved"))
    ended = end(installed.start("list"))
    assert (ended.code, ended.err) == (0, SETTING_UP)


def test_two_at_once_install_once(installed: Kit) -> None:
    installed.require("pip>=3")
    both = [end(process) for process in [installed.start("list"), installed.start("list")]]
    assert [ended.code for ended in both] == [0, 0]
    assert sorted(ended.err for ended in both) == ["", BRINGING_UP_TO_DATE]


# --- when it cannot go on ---


def test_an_old_python_says_what_is_needed(fresh: Kit, old_python: str) -> None:
    ended = end(fresh.start("list", python=old_python, PATH=""))
    assert says_one_sentence(ended)
    assert "Python 3.11 or newer is needed" in ended.err


def test_an_old_python_hands_over_to_a_newer_one_that_works(installed: Kit, tmp_path: Path, old_python: str) -> None:
    fake_python(tmp_path / "broken", "python3.14", "exit 127")
    fake_python(tmp_path / "works", "python3.14", f'exec "{sys.executable}" "$@"')
    path = os.pathsep.join([str(tmp_path / "broken"), str(tmp_path / "works")])
    ended = end(installed.start("exit", "5", python=old_python, PATH=path))
    assert (ended.code, ended.err) == (5, "")


def test_a_python_without_ensurepip_names_the_package_to_install(fresh: Kit) -> None:
    hide = "import runpy, sys; sys.modules['ensurepip'] = None; runpy.run_path(sys.argv[1], run_name='__main__')"
    ended = end(fresh.start_command([sys.executable, "-c", hide, str(fresh.root / "kit")]))
    assert says_one_sentence(ended)
    assert "python{}.{}-venv".format(*sys.version_info[:2]) in ended.err


def test_a_failed_install_shows_pips_reason_and_keeps_the_log(installed: Kit) -> None:
    installed.require("no-such-package")
    ended = end(installed.start("list"))
    notice, sentence = ended.err.splitlines()
    assert ended.code == 3
    assert notice + "\n" == BRINGING_UP_TO_DATE
    assert "No matching distribution found for no-such-package" in sentence
    assert "no-such-package" in (installed.root / ".venv" / "kit-install.log").read_text()


def test_a_folder_that_cannot_be_written_is_named(fresh: Kit) -> None:
    (fresh.root / ".venv").write_text("in the way")
    ended = end(fresh.start("list"))
    assert says_one_sentence(ended)
    assert str(fresh.root / ".venv") in ended.err
