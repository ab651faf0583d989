"""Results go out to JSON and come back the same, and the published schema says what the classes say."""

import dataclasses
import json
import types
import typing
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grader import results as shapes
from grader.results import (
    Check,
    ClassResults,
    ExerciseResult,
    Interleaving,
    KernelUse,
    Kind,
    Picture,
    Span,
    Step,
    SubmissionResult,
    Timeline,
    Verdict,
    Wait,
    from_json,
    to_json,
)
from tests.class_results import sample_class, stuck

SCHEMA = json.loads(files("grader").joinpath("results.schema.json").read_text(encoding="utf-8"))
DATACLASSES = [
    ClassResults,
    SubmissionResult,
    ExerciseResult,
    Check,
    Timeline,
    Span,
    Interleaving,
    Step,
    Wait,
    KernelUse,
    Picture,
]


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
    page = Path(__file__).parents[1].joinpath("docs", "results.md").read_text(encoding="utf-8")
    _, _, rest = page.partition("```json\n")
    example = json.loads(rest.partition("```")[0])
    Draft202012Validator(SCHEMA).validate(example)
    assert from_json(ClassResults, example).submissions[0].score == 6


def test_the_documented_interleaving_is_one() -> None:
    page = Path(__file__).parents[1].joinpath("docs", "results.md").read_text(encoding="utf-8")
    example = json.loads(page.split("```json\n")[2].partition("```")[0])
    Draft202012Validator({**SCHEMA, "$ref": "#/$defs/Interleaving"}).validate(example)
    assert from_json(Interleaving, example).steps[0].line == 13


def test_schema_refuses_unknown_and_missing_fields() -> None:
    validator = Draft202012Validator(SCHEMA)
    data = through_text(sample_class([]))
    assert not validator.is_valid({**data, "more": 1})
    assert not validator.is_valid({key: value for key, value in data.items() if key != "seed"})
    assert not validator.is_valid({**data, "schema_version": shapes.SCHEMA_VERSION + 1})


def test_schema_knows_this_version() -> None:
    assert SCHEMA["$defs"]["ClassResults"]["properties"]["schema_version"] == {"const": shapes.SCHEMA_VERSION}


@pytest.mark.parametrize("cls", DATACLASSES)
def test_schema_has_the_fields_of_the_class(cls: type) -> None:
    definition = SCHEMA["$defs"][cls.__name__]
    names = [field.name for field in dataclasses.fields(cls)]
    assert definition["required"] == names
    assert list(definition["properties"]) == names
    hints = typing.get_type_hints(cls)
    for name in set(names) - {"schema_version"}:
        assert says(definition["properties"][name], hints[name]), f"{cls.__name__}.{name}"


@pytest.mark.parametrize("enum", [Verdict, Kind])
def test_schema_has_the_members_of_the_enum(enum: type[StrEnum]) -> None:
    assert SCHEMA["$defs"][enum.__name__]["enum"] == list(enum)


def says(schema: dict[str, Any], hint: Any) -> bool:
    """Whether a property of the schema means the type `hint`."""
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is types.UnionType:
        return bool(schema["anyOf"][1] == {"type": "null"}) and says(schema["anyOf"][0], arguments[0])
    if typing.get_origin(hint) is list:
        return bool(schema["type"] == "array") and says(schema["items"], arguments[0])
    if typing.get_origin(hint) is dict:
        return bool(schema["type"] == "object") and says(schema["additionalProperties"], arguments[1])
    if hint is float:
        return schema.get("type") == "number" or schema.get("$ref") == "#/$defs/Measured"
    plain = {str: "string", int: "integer", bool: "boolean"}
    if hint in plain:
        return bool(schema["type"] == plain[hint])
    return bool(schema["$ref"] == f"#/$defs/{hint.__name__}")
