"""The counts an instructor plans the next lecture with."""

from dataclasses import replace

from grader.report.overview import exercise_names, survey
from grader.results import ClassResults, ExerciseResult, SubmissionResult, Verdict
from tests.class_results import broken, right, sample_class, troubled, wrong


def class_of(*results: ExerciseResult) -> ClassResults:
    submissions = [SubmissionResult(f"student {i}", [result]) for i, result in enumerate(results)]
    return replace(sample_class([]), submissions=submissions)


def test_scores_are_binned_by_share_of_the_points() -> None:
    scores = [0, 0.99, 1, 5, 9.99, 10, 11]
    results = [replace(right("run_all"), score=score, max_score=10) for score in scores]
    assert survey(class_of(*results)).histogram == [2, 1, 0, 0, 0, 1, 0, 0, 0, 3]


def test_a_student_without_points_to_win_is_in_no_statistic() -> None:
    overview = survey(class_of(replace(troubled("run_all"), score=0, max_score=0), right("run_all")))
    assert (overview.shares, overview.mean, overview.median) == ([1], 1, 1)
    assert survey(class_of()).mean is None


def test_checks_most_students_fail_come_first_and_skipped_ones_do_not_count() -> None:
    results = class_of(right("run_all"), wrong("run_all"), wrong("run_all"), wrong("fetch_all"), broken("run_all"))
    hardest = survey(results).hardest_checks
    assert [(c.exercise, c.name, c.failures, c.judged) for c in hardest] == [
        ("run_all", "test_callables_overlap", [(Verdict.FAIL, 2)], 3),
        ("run_all", "test_total_is_constant", [(Verdict.RACE, 2)], 3),
        ("fetch_all", "test_callables_overlap", [(Verdict.FAIL, 1)], 1),
        ("fetch_all", "test_total_is_constant", [(Verdict.RACE, 1)], 1),
    ]


def test_exercises_come_in_teaching_order() -> None:
    results = class_of(right("unheard_of"), right("fetch_all"), right("run_all"))
    assert exercise_names(results) == ["run_all", "fetch_all", "unheard_of"]


def test_an_exercise_is_counted_over_those_who_have_a_result() -> None:
    [run_all, fetch_all] = survey(class_of(right("run_all"), wrong("run_all"), right("fetch_all"))).exercises
    assert (run_all.results, run_all.passed, run_all.mean) == (2, 1, (1 + 3 / 12) / 2)
    assert (fetch_all.results, fetch_all.passed, fetch_all.mean) == (1, 1, 1)


def test_trouble_of_the_grader_is_listed() -> None:
    assert survey(class_of(right("run_all"), troubled("run_all"))).troubled == [("student 1", "run_all")]
