"""Every attack of the corpus, on every rung that this machine has."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from grader.sandbox.identity import student_id
from grader.sandbox.rungs import BWRAP, NAMESPACES, RUNGS
from tests.rungs import Usable, usable_rungs
from tests.sampling import drawn

from .corpus import TARGET, Attack, load_corpus
from .runner import Range

pytestmark = pytest.mark.slow

CORPUS = load_corpus()
ON_EACH_RUNG = [attack for attack in CORPUS if not attack.builds]
HAND_INS = [attack for attack in CORPUS if attack.builds]
MOST_IN_CI = 60  # on each rung
ON_THE_EVIDENCE = ("faking", "values", "report")


def strongest_rung() -> str:
    return next((name for name, usable in usable_rungs().items() if not usable.rung.unavailable), RUNGS[0])


def usable_or_skip(name: str) -> Usable:
    """On a rung that isolates nothing, only a user of their own keeps attacks from whoever runs the tests."""
    usable = usable_rungs()[name]
    if usable.rung.unavailable:
        pytest.skip(f"{name}: {usable.rung.unavailable}")
    if not usable.rung.isolates and student_id(0) is None:
        pytest.skip(f"{name}: the attacks would run as you")
    return usable


@pytest.fixture(scope="module", params=RUNGS)
def usable(request: pytest.FixtureRequest) -> Usable:
    return usable_or_skip(request.param)


@pytest.fixture(scope="module")
def target(usable: Usable) -> Iterator[Range]:
    with Range(usable) as shooting:
        yield shooting


@pytest.fixture(scope="module")
def kits_own(usable: Usable) -> Iterator[Range]:
    with Range(usable, kits_own=True) as shooting:
        yield shooting


@pytest.mark.skipif("CI" not in os.environ, reason="only a machine of the CI must have one")
def test_this_machine_has_a_rung_with_namespaces() -> None:
    reasons = {name: usable_rungs()[name].rung.unavailable for name in (BWRAP, NAMESPACES)}
    assert not all(reasons.values()), reasons


@pytest.mark.parametrize("attack", ON_EACH_RUNG, ids=lambda attack: attack.name)
def test_it_gets_nowhere(attack: Attack, usable: Usable, request: pytest.FixtureRequest) -> None:
    if not usable.rung.isolates and attack.needs:
        pytest.skip("this rung does not isolate")
    if usable.rung.name not in (BWRAP, NAMESPACES) and attack.needs == "namespaces":
        pytest.skip("this rung has no namespaces")
    on_the_evidence = attack.name.partition("/")[0] in ON_THE_EVIDENCE or attack.needs == "the strongest rung"
    if on_the_evidence and usable.rung.name != strongest_rung():
        pytest.skip("it attacks what is made of an observation, where the rung has no part: tried on the strongest one")
    if attack not in drawn(ON_EACH_RUNG, MOST_IN_CI, usable.rung.name):
        pytest.skip("others are drawn for this rung in this CI run")
    shooting: Range = request.getfixturevalue("target" if attack.exercise == TARGET else "kits_own")
    assert not shooting.attack(attack)


@pytest.fixture(scope="module")
def strongest() -> Iterator[Range]:
    with Range(usable_or_skip(strongest_rung())) as shooting:
        yield shooting


@pytest.mark.parametrize("attack", drawn(HAND_INS, 10, "hand-ins"), ids=lambda attack: attack.name)
def test_a_hostile_hand_in_gets_nowhere(attack: Attack, strongest: Range) -> None:
    assert not strongest.hand_in(attack)
