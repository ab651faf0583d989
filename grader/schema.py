"""The JSON Schema of `results.json`, made of the classes of `grader.results`: `python -m grader.schema` prints it."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from grader.results import SCHEMA_VERSION, ClassResults
from grader.serialization import UNBOUNDED


def schema() -> dict[str, Any]:
    """Draft 2020-12. A file has every field, also those with a default, and no other."""
    made = msgspec.json.schema(ClassResults, schema_hook=_measured)
    for record in [record for record in made["$defs"].values() if "properties" in record]:
        record |= {"required": list(record["properties"]), "additionalProperties": False}
        for field in record["properties"].values():
            field.pop("default", None)
    made["$defs"]["ClassResults"]["properties"]["schema_version"] = {"const": SCHEMA_VERSION}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "results.json of concurrency-kit",
        **made,
    }


def _measured(_: type) -> dict[str, Any]:
    return {"anyOf": [{"type": "number"}, {"enum": list(UNBOUNDED)}]}


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2))
