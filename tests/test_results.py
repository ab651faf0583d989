"""Results go out to JSON and come back the same, and the published schema says what the classes say."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grader.results import (
    SCHEMA_VERSION,
    Check,
    ClassResults,
    ExerciseResult,
    Interleaving,
    KernelUse,
    Kind,
    Picture,
    Span,
    SubmissionResult,
    Timeline,
    Verdict,
)
from grader.schema import schema
from grader.serialization import from_json, to_json
from tests.class_results import right, sample_class, stuck

SCHEMA = schema()
DOCUMENTATION = Path(__file__).parents[1].joinpath("docs", "results.md").read_text(encoding="utf-8")


RIGHT = to_json(right("run_all"))


def through_text(results: ClassResults) -> Any:
    return json.loads(json.dumps(to_json(results), allow_nan=False))


def test_a_class_comes_back_as_it_was() -> None:
    assert from_json(ClassResults, through_text(sample_class())) == sample_class()


def test_a_deadlock_comes_back_as_it_was_and_fits_the_schema() -> None:
    submission = SubmissionResult("ada", [stuck("run_all")])
    results = dataclasses.replace(sample_class([]), submissions=[submission])
    assert from_json(ClassResults, through_text(results)) == results
    Draft202012Validator(SCHEMA).validate(through_text(results))


def test_what_json_has_no_number_for_comes_back() -> None:
    check = Check("c", "t", Kind.SPEEDUP, Verdict.FAIL, 0, 1, numbers={"speedup": float("inf"), "low": -float("inf")})
    data = json.loads(json.dumps(to_json(check), allow_nan=False))
    assert data["numbers"] == {"speedup": "inf", "low": "-inf"}
    assert from_json(Check, data) == check


@pytest.mark.parametrize(
    ("field", "damage"),
    [
        ("complete", "false"),
        ("seed", "7"),
        ("seed", True),
        ("python", None),
        ("titles", []),
        ("submissions", "ada"),
        ("submissions", [{"student": 3}]),
        ("submissions", [{"student": "ada", "grade": 1}]),
        ("submissions", [{"student": "ada", "exercises": [RIGHT, {**RIGHT, "grade": 1}]}]),
        ("submissions", [{"student": "ada", "exercises": [{**RIGHT, "score": True}]}]),
        ("submissions", [{"student": "ada", "exercises": [{**RIGHT, "score": "inf"}]}]),
        ("submissions", [{"student": "ada", "exercises": [{**RIGHT, "score": 10**400}]}]),
        ("grade", 1),
    ],
)
def test_another_shape_is_refused(field: str, damage: object) -> None:
    with pytest.raises(ValueError, match="ClassResults"):
        from_json(ClassResults, {**through_text(sample_class([])), field: damage})


@pytest.mark.parametrize("damage", ["great", None, 1])
def test_an_unknown_verdict_is_refused(damage: object) -> None:
    data = {"exercise": "e", "score": 1, "max_score": 1, "verdict": damage}
    with pytest.raises(ValueError, match=r"great|ExerciseResult"):
        from_json(ExerciseResult, data)


def test_schema_accepts_a_real_class() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(through_text(sample_class()))


def test_the_example_in_the_documentation_is_one() -> None:
    _, _, rest = DOCUMENTATION.partition("```json\n")
    example = json.loads(rest.partition("```")[0])
    Draft202012Validator(SCHEMA).validate(example)
    assert from_json(ClassResults, example).submissions[0].score == 6


def test_the_documented_interleaving_is_one() -> None:
    example = json.loads(DOCUMENTATION.split("```json\n")[2].partition("```")[0])
    Draft202012Validator({**SCHEMA, "$ref": "#/$defs/Interleaving"}).validate(example)
    assert from_json(Interleaving, example).steps[0].line == 13


def test_schema_refuses_unknown_and_missing_fields() -> None:
    validator = Draft202012Validator(SCHEMA)
    data = through_text(sample_class([]))
    assert not validator.is_valid({**data, "more": 1})
    assert not validator.is_valid({key: value for key, value in data.items() if key != "seed"})
    assert not validator.is_valid({**data, "schema_version": SCHEMA_VERSION + 1})


def test_schema_has_the_fields_and_the_words_of_the_classes() -> None:
    for cls in (
        ClassResults,
        SubmissionResult,
        ExerciseResult,
        Check,
        Timeline,
        Span,
        Interleaving,
        KernelUse,
        Picture,
    ):
        definition = SCHEMA["$defs"][cls.__name__]
        assert list(definition["properties"]) == [field.name for field in dataclasses.fields(cls)]
        assert definition["description"].startswith((cls.__doc__ or "").splitlines()[0])


def test_the_documentation_tells_how_to_get_the_schema() -> None:
    assert "python -m grader.schema" in DOCUMENTATION
    printed = subprocess.run([sys.executable, "-m", "grader.schema"], check=True, capture_output=True)
    assert json.loads(printed.stdout) == SCHEMA
