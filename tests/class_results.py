"""Sample results for tests. `python -m tests.class_results DIR` writes their report, to look at."""

import random
import sys
from dataclasses import replace
from pathlib import Path

from grader.report import write_report
from grader.results import (
    Check,
    ClassResults,
    Diagnosis,
    ExerciseResult,
    Interleaving,
    Kind,
    Span,
    Step,
    SubmissionResult,
    Timeline,
    Verdict,
    Wait,
)

TITLES = {
    "run_all": "Run callables in threads of their own",
    "bank_transfer": "Move money between accounts",
    "fetch_all": "Download many pages at once",
    "count_primes": "Count primes on all cores",
    "bounded_gather": "Gather with a limit",
}
NAMES = [
    "Ada Adeyemi",
    "Bo Lindqvist",
    "Chiara Conti",
    "Deniz Yılmaz",
    "Edsger Novák",
    "Fatima Zahra",
    "刘芳",
    "Hana Kim",
]

_OVERLAP = Check(
    name="test_callables_overlap",
    title="All callables are inside at the same time",
    kind=Kind.CONCURRENCY,
    verdict=Verdict.FAIL,
    points=0,
    max_points=3,
    message="Only one of the four callables was ever running.",
    expected="Four callables inside at the same time.",
    seen="The second one started after the first had returned, and so on.",
    look_at="Where you start a thread and where you join it.",
    seed=7,
    timeline=Timeline(
        unit="virtual seconds",
        title="When each callable ran",
        spans=[Span(f"thread-{i + 1}", f"callable {i}", float(i), i + 0.9, failed=i > 0) for i in range(4)],
    ),
    numbers={"most at once": 1, "wanted at once": 4},
)
_RACE = Check(
    name="test_total_is_constant",
    title="The total is the same at every instant",
    kind=Kind.CONCURRENCY,
    verdict=Verdict.RACE,
    points=0,
    max_points=4,
    message="total() was read while money was on its way.",
    expected="Every total() gives the sum of the opening balances.",
    seen="10 were missing in one of them.",
    look_at="Lines 14, 15 and 22: what may run between them?",
    interleaving=Interleaving(
        file="bank_transfer.py",
        actors=["main", "thread 1", "thread 2"],
        steps=[
            Step(0, 8, "self._balances = dict(balances)", "self._balances becomes {'a': 50, 'b': 50}"),
            Step(1, 14, "self._balances[src] -= amount", "self._balances becomes {'a': 40, 'b': 50}"),
            Step(2, 22, "return sum(self._balances.values())", "self._balances is {'a': 40, 'b': 50}"),
            Step(2, 0, "", "ends"),
            Step(1, 15, "self._balances[dst] += amount", "self._balances becomes {'a': 40, 'b': 60}"),
            Step(1, 0, "", "ends"),
        ],
        token="test_total_is_constant:7:5-0.1x2.2x3",
    ),
    numbers={"schedules tried": 12},
)
_DEADLOCK = Check(
    name="test_transfers_both_ways",
    title="Transfers in both directions come to an end",
    kind=Kind.CONCURRENCY,
    verdict=Verdict.DEADLOCK,
    points=0,
    max_points=4,
    message="Two threads waited for each other.",
    expected="every thread to get on, in whatever order they take turns",
    seen="all come to a stop: thread 1 waits for self.locks[1]; thread 2 waits for self.locks[0]",
    look_at="what each of them waits for, and who should wake it",
    interleaving=Interleaving(
        file="bank_transfer.py",
        actors=["main", "thread 1", "thread 2", "thread 3"],
        steps=[
            Step(1, 16, "with self.locks[src]:", "takes self.locks[0]"),
            Step(2, 16, "with self.locks[src]:", "takes self.locks[1]"),
            Step(2, 17, "with self.locks[dst]:", "waits for self.locks[0], held by thread 1"),
            Step(1, 17, "with self.locks[dst]:", "waits for self.locks[1], held by thread 2"),
        ],
        waits=[
            Wait(0, "waits for the end of thread 1"),
            Wait(1, "waits for self.locks[1], held by thread 2 at line 16"),
            Wait(2, "waits for self.locks[0], held by thread 1 at line 16"),
        ],
        left_out=12,
        token="test_transfers_both_ways:7:0-0.1x4",
    ),
)
_SKIPPED = Check(
    name="test_threads_are_joined",
    title="No thread outlives the call",
    kind=Kind.CONCURRENCY,
    verdict=Verdict.SKIPPED,
    points=0,
    max_points=2,
    message='Skipped because "All callables are inside at the same time" did not pass.',
)
_NOT_MEASURABLE = Check(
    name="test_speedup",
    title="Two workers need at most 60 % of the time",
    kind=Kind.SPEEDUP,
    verdict=Verdict.NOT_MEASURABLE,
    points=0,
    max_points=0,
    message="Only one core may be used here.",
    numbers={"usable cores": 1, "wanted cores": 2},
)
_INFRA = replace(
    _NOT_MEASURABLE,
    name="test_no_zombies",
    title="No child is left",
    kind=Kind.CORRECTNESS,
    verdict=Verdict.INFRA,
)


_ORDER = Check(
    name="test_values",
    title="Results come back in input order",
    kind=Kind.CORRECTNESS,
    verdict=Verdict.PASS,
    points=3,
    max_points=3,
    duration_s=0.012,
)
_AS_PASSED = {
    "verdict": Verdict.PASS,
    "message": "",
    "expected": "",
    "seen": "",
    "look_at": "",
    "interleaving": None,
}


def exercise(name: str, checks: list[Check], verdict: Verdict, **more: object) -> ExerciseResult:
    """A result whose score adds up."""
    result = ExerciseResult(
        exercise=name,
        verdict=verdict,
        score=sum(c.points for c in checks),
        max_score=sum(c.max_points for c in checks if c.verdict.counts),
        checks=checks,
        sandbox="bwrap",
        python="3.11.7",
        seed=4711,
        digest=f"digest of {name}",
        file=f"{name}.py",
        duration_s=0.4,
        judge_cpu_s=0.1,
        own_s=0.2,
    )
    return replace(result, **more)  # type: ignore[arg-type]


def right(name: str) -> ExerciseResult:
    """Full marks."""
    lost = [_OVERLAP, _SKIPPED, _RACE]
    kept = [replace(c, **_AS_PASSED, points=c.max_points) for c in lost]  # type: ignore[arg-type]
    shown = replace(
        kept[0],
        message="Four were inside at once.",
        timeline=Timeline("virtual seconds", [Span(f"worker {i}", f"job {i}", 0, 1 + i / 4) for i in range(4)]),
        numbers={"most at once": 4, "makespan": 1.75},
    )
    return exercise(name, [_ORDER, shown, *kept[1:], _NOT_MEASURABLE], Verdict.PASS)


def wrong(name: str) -> ExerciseResult:
    """Partial credit, with every kind of evidence."""
    return exercise(
        name,
        [_ORDER, _OVERLAP, _SKIPPED, _RACE, _NOT_MEASURABLE],
        Verdict.RACE,
        notes=["run_all_backup.py was ignored: the exercise names run_all.py only."],
        output="starting 4 threads\njoined 0\njoined 1\n",
    )


def broken(name: str) -> ExerciseResult:
    """Nothing could be run."""
    return exercise(name, [], Verdict.ERROR, max_score=10.0, message='Line 3: "def run_all(thunks" is not closed.')


def stuck(name: str) -> ExerciseResult:
    """A deadlock, and a passed check that says how thoroughly it was tried."""
    tried = replace(_ORDER, message="812 schedules tried, among them all with at most 1 preemption.")
    return exercise(name, [tried, _DEADLOCK], Verdict.DEADLOCK)


def half_right(name: str) -> ExerciseResult:
    """Only the race is left."""
    return exercise(name, [*right(name).checks[:3], _RACE, _NOT_MEASURABLE], Verdict.RACE)


def troubled(name: str) -> ExerciseResult:
    """The grader's own trouble, beside a check that passed."""
    seen, reference = _INFRA.message, f"infra: {_INFRA.message}"
    diagnosis = Diagnosis(_INFRA.name, seen, reference, Verdict.INFRA)
    return replace(exercise(name, [_ORDER, _INFRA], Verdict.PASS), diagnoses=[diagnosis])


def sample_class(students: list[str] | None = None, seed: int = 1) -> ClassResults:
    """A class with every verdict kind, the same one for equal arguments; one student handed nothing in."""
    rng = random.Random(seed)
    kinds = [right] * 6 + [half_right] * 3 + [wrong] * 2 + [broken, troubled]
    submissions = []
    for student in NAMES if students is None else students:
        results = [rng.choice(kinds)(name) for name in TITLES]
        submissions.append(SubmissionResult(student, results, ["cat.jpg was ignored: no exercise names it."]))
    submissions.append(SubmissionResult("Zoe Nothing-Yet"))
    return ClassResults(
        kit_version="0.1.0",
        started="2025-03-01T10:00:00Z",
        finished="2025-03-01T10:04:05Z",
        sandbox="bwrap",
        python="3.11.7",
        seed=99,
        complete=True,
        titles=TITLES,
        submissions=submissions,
    )


def folders(results: ClassResults) -> dict[str, str]:
    """Page names as the intake would make them."""
    return {submission.student: f"student-{i}" for i, submission in enumerate(results.submissions)}


if __name__ == "__main__":
    sample = sample_class()
    print(write_report(sample, Path(sys.argv[1]), folders(sample)))
