"""The attacks: one file each below `corpus/<surface>/`, whose docstring says what it tries and what must come of it.

After the prose, a docstring may hold these lines:

- `verdict:` the verdicts allowed for the exercise (default: any that costs points); below the rungs with namespaces
  any that costs points will do, as what is attacked may not be there;
- `earns:` the checks it may pass, because it does what they ask (default: none);
- `says:` words that a message of the result must hold;
- `exercise:` which exercise of the kit it is handed in for (default: the target in `fixtures/target`);
- `needs:` `isolation` if it is only run where the rung isolates, as it would harm whoever runs the tests elsewhere;
  `namespaces` if it is only run where there are some; `the strongest rung` if it is long, and rungs have no part in it.

In its text `@SCENE@`, `@JUDGE@`, `@PORT@` and `@ABSTRACT@` become the folder with the canaries, the judge's pid, and a
TCP port and an abstract Unix socket where a canary is served: a real attacker would have to find them out.

An attack that defines `build(folder)` is no source to be judged: it makes a hostile hand-in for `grader grade`, next to
an honest classmate.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from grader.results import Verdict

CORPUS = Path(__file__).parent / "corpus"
TARGET = "parallel_map"
COSTING = frozenset(verdict for verdict in Verdict if verdict.counts and verdict is not Verdict.PASS)


@dataclass(frozen=True, slots=True)
class Attack:
    """One file of the corpus and what its docstring promises."""

    name: str
    source: str
    verdicts: frozenset[Verdict]
    earns: frozenset[str]
    says: str
    exercise: str
    needs: str
    builds: bool

    @property
    def is_control(self) -> bool:
        """No attack at all, but an honest solution."""
        return self.name.startswith("controls/")


def load_corpus() -> list[Attack]:
    """All attacks, in order of their names. Raises ValueError for a docstring that says something unknown."""
    return [read_attack(file) for file in sorted(CORPUS.glob("*/*.py"))]


def read_attack(file: Path) -> Attack:
    source = file.read_text(encoding="utf-8")
    tree = ast.parse(source)
    said = dict(re.findall(r"^(\w+): *(.+)$", ast.get_docstring(tree) or "", re.MULTILINE))
    if unknown := set(said) - {"verdict", "earns", "says", "exercise", "needs"}:
        raise ValueError(f"{file}: unknown line {unknown.pop()!r} in the docstring")
    return Attack(
        name=f"{file.parent.name}/{file.stem}",
        source=source,
        verdicts=frozenset(map(Verdict, said.get("verdict", "").split())) or COSTING,
        earns=frozenset(said.get("earns", "").split()),
        says=said.get("says", ""),
        exercise=said.get("exercise", TARGET),
        needs=said.get("needs", ""),
        builds=any(isinstance(node, ast.FunctionDef) and node.name == "build" for node in tree.body),
    )
