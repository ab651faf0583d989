"""Every attack of the corpus, on every rung that this machine has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.ladder import probe_ladder

from .corpus import TARGET, Attack, load_corpus
from .runner import Range

CORPUS = load_corpus()
LADDER = {rung.name: rung for rung in probe_ladder(find_interpreter())}


@pytest.fixture(scope="module", params=LADDER)
def rung(request: pytest.FixtureRequest) -> str:
    if reason := LADDER[request.param].unavailable:
        pytest.skip(f"{request.param}: {reason}")
    return str(request.param)


@pytest.fixture(scope="module")
def target(rung: str) -> Iterator[Range]:
    with Range(rung) as shooting:
        yield shooting


@pytest.fixture(scope="module")
def kits_own(rung: str) -> Iterator[Range]:
    with Range(rung, kits_own=True) as shooting:
        yield shooting


@pytest.mark.parametrize("attack", [attack for attack in CORPUS if not attack.builds], ids=lambda attack: attack.name)
def test_it_gets_nowhere(attack: Attack, rung: str, request: pytest.FixtureRequest) -> None:
    if not LADDER[rung].isolates and attack.needs_isolation:
        pytest.skip("this rung does not isolate")
    shooting: Range = request.getfixturevalue("target" if attack.exercise == TARGET else "kits_own")
    assert not shooting.attack(attack)


@pytest.fixture(scope="module")
def strongest() -> Iterator[Range]:
    rung = next((rung for rung in LADDER.values() if not rung.unavailable), None)
    if rung is None or not rung.isolates:
        pytest.skip("this machine cannot isolate student code")
    with Range(rung.name) as shooting:
        yield shooting


@pytest.mark.parametrize("attack", [attack for attack in CORPUS if attack.builds], ids=lambda attack: attack.name)
def test_a_hostile_hand_in_gets_nowhere(attack: Attack, strongest: Range) -> None:
    assert not strongest.hand_in(attack)
