"""What can be said of a suite's files without running them: a mistake in there is none of the student's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from grader.catalogue import Exercise


class NoScenarioError(Exception):
    """A suite has asked for a scenario that there is not."""


def unusable(exercise: Exercise) -> Iterator[str]:
    """A sentence for each file of the suite that is no Python."""
    for file in (exercise.suite / "scenarios.py", exercise.hidden_tests):
        try:
            ast.parse(file.read_text("utf-8"))
        except OSError as e:
            yield f"{file} cannot be read ({e.strerror})."
        except SyntaxError as e:
            yield f"{file}, line {e.lineno}: this is not Python ({e.msg})."
        except ValueError as e:
            yield f"{file} is not Python ({e})."


def require_scenario(scenario: str, source: str) -> None:
    """Raises NoScenarioError where the source of scenarios neither defines nor imports it."""
    known = _defined(source)
    if scenario not in known:
        raise NoScenarioError(f"scenarios.py has no {scenario}; it has {', '.join(sorted(known))}")


@lru_cache(maxsize=8)
def _defined(source: str) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(names)
