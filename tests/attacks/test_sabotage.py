"""The attacks are worth something: a launcher that is broken on purpose is found out."""

from __future__ import annotations

import pytest

from grader.sandbox.rungs import LANDLOCK, NAMESPACES

from .corpus import CORPUS, read_attack
from .runner import Range
from .sabotage import SABOTAGES
from .test_attacks import usable_or_skip

pytestmark = pytest.mark.slow

FOUND_OUT = {
    "shows_the_hosts_files": (NAMESPACES, "reading/files", "the canary in home came out"),
    "keeps_the_hosts_network": (NAMESPACES, "network/loopback", "loopback was reached"),
    "passes_the_environment_on": (NAMESPACES, "reading/process_files", "the canary in environment came out"),
    "passes_a_descriptor_on": (NAMESPACES, "reading/descriptors", "the canary in home came out"),
    "sends_the_hidden_tests_inside": (NAMESPACES, "reading/interpreter", "the canary in hidden-tests came out"),
    "leaves_processes_behind": (LANDLOCK, "survivors/daemon", "still running"),
    "lets_signals_out": (LANDLOCK, "signals/the_judge", "the judge died, or hung"),
    "compares_by_the_students_word": (NAMESPACES, "values/equals_everything", "it passed test_results"),
}


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_a_broken_launcher_is_found_out(sabotage: str) -> None:
    name, attack, breach = FOUND_OUT[sabotage]
    usable = usable_or_skip(name)
    with Range(usable, sabotage) as shooting:
        found = shooting.attack(read_attack(CORPUS / f"{attack}.py"))
    assert any(breach in line for line in found), found
