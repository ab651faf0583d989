"""Who may import whom: read from all imports of the kit, those inside functions and for types included."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from .conftest import CHECKOUT

_FRONT = ("commands", "report", "exports", "grading", "proving", "engines", "intake", "checking")


@dataclass(frozen=True)
class Rule:
    """`package` imports none of `others`, or nothing of the kit besides itself where there are none."""

    package: str
    others: tuple[str, ...]
    reason: str


RULES = (
    Rule("player", (), "its folder enters the sandbox, and nothing else of the kit is there"),
    Rule("cuda", (), "its folder enters the sandbox with PyCUDA, and students import it where there is no judge"),
    Rule("results", ("sandbox", "judging", "evidence", "catalogue", *_FRONT), "what is written is read by programs"),
    Rule("sandbox", ("catalogue", "evidence", "judging", *_FRONT), "it plays code, and knows nothing of exercises"),
    Rule("evidence", ("catalogue", "judging", *_FRONT), "suites are written with it, whoever judges"),
    Rule("judging", _FRONT, "a verdict does not depend on how it is asked for, kept or shown"),
    Rule("intake", ("sandbox", "evidence", "judging", "catalogue"), "what students hand in is data there"),
    Rule("report", ("sandbox", "evidence", "judging", "catalogue", "engines"), "it is made of results alone"),
    *(
        Rule(package, ("commands",), "commands parse and print: all else is used without them")
        for package in _FRONT[1:]
    ),
)


def modules() -> dict[str, Path]:
    """Name -> file. Suites are exercises', and the PyCUDA of the drop-in is a package of its own.

    `grader` itself is left out: it names what others build, and they ask it for the version.
    """
    paths = [path for path in (CHECKOUT / "grader").glob("*/**/*.py") if not {"suites", "dropin"} & set(path.parts)]
    paths += [path for path in (CHECKOUT / "grader").glob("*.py") if path.name != "__init__.py"]
    files = [path.relative_to(CHECKOUT) for path in paths]
    return {".".join(file.with_suffix("").parts).removesuffix(".__init__"): file for file in files}


MODULES = modules()


def imported(name: str) -> set[str]:
    """The kit's modules that a module names. (Not the packages around them, which Python imports as well.)"""
    file = MODULES[name]
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    tree = ast.parse((CHECKOUT / file).read_text())
    return {found for node in ast.walk(tree) for found in _named(node, package)} & MODULES.keys()


def _named(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        around = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
        module = ".".join([*around, *([node.module] if node.module else [])])
        for alias in node.names:
            inner = f"{module}.{alias.name}"
            yield inner if inner in MODULES else module


def imports() -> dict[str, set[str]]:
    return {name: imported(name) for name in MODULES}


def test_no_module_imports_itself_by_way_of_others() -> None:
    try:
        TopologicalSorter(imports()).prepare()
    except CycleError as e:
        pytest.fail(" <- ".join(e.args[1]))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.package)
def test_packages_depend_on_each_other_in_one_direction(rule: Rule) -> None:
    wrong = [
        f"{name} imports {other}"
        for name, others in imports().items()
        for other in others
        if _package(name) == rule.package and _package(other) != rule.package
        if not rule.others or _package(other) in rule.others
    ]
    assert not wrong, rule.reason


def _package(name: str) -> str:
    return name.split(".")[1] if "." in name else name


def test_a_class_has_a_name_of_its_own() -> None:
    """PyCUDA's names are its own; whoever reads `Row` or `Task` anywhere else need not ask which."""
    places: dict[str, list[str]] = defaultdict(list)
    for name, file in MODULES.items():
        classes = [
            node for node in ast.walk(ast.parse((CHECKOUT / file).read_text())) if isinstance(node, ast.ClassDef)
        ]
        for found in classes:
            places[found.name.lstrip("_")].append(name)
    assert not {name: modules for name, modules in places.items() if len(modules) > 1}


def test_a_catalogue_is_read_without_what_runs_code() -> None:
    """`grader list` and the first look of every command stay quick, and need no compiler."""
    script = "import sys; from grader.catalogue import load_catalogue; load_catalogue(None); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert loaded.isdisjoint({"subprocess", "ctypes", "multiprocessing", "asyncio", "pytest"})
    ours = {name for name in loaded if name.startswith("grader.")}
    assert {_package(name) for name in ours} <= {"catalogue", "errors", "results", "sandbox", "text"}
    assert {name for name in ours if _package(name) == "sandbox"} == {
        *("grader.sandbox", "grader.sandbox.limits", "grader.sandbox.packages"),
    }
