"""The YAML files of the repository are as the published schemas say, by the validator that others use."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from conftest import ROOT
from jsonschema import Draft202012Validator

_BLOCK = re.compile(r"^```yaml (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def examples() -> list[tuple[str, str, str]]:
    """Where each file or example stands, which schema is its, and its text."""
    found: list[tuple[str, str, str]] = []
    for path in sorted((ROOT / "policies").glob("*.yaml")):
        schema = "test" if path.name.endswith(".test.yaml") else "labels"
        found.append((path.name, schema, path.read_text()))
    data = ROOT / "examples" / "data.yaml"
    found.append((data.name, "dataset", data.read_text()))
    for path in sorted((ROOT / "docs").glob("*.md")):
        for name, text in _BLOCK.findall(path.read_text()):
            named = [schema for schema in ("labels", "dataset") if f"{schema}.schema.json" in text]
            schema = "labels" if "labels" in name else (named or ["test"])[0]
            found.append((path.name, schema, text))
    return found


def test_there_are_examples_of_each() -> None:
    assert {schema for _, schema, _ in examples()} == {"test", "labels", "dataset"}
    assert len(examples()) >= 6


@pytest.mark.parametrize(("place", "schema", "text"), examples())
def test_every_file_and_example_is_as_its_schema_says(place: str, schema: str, text: str) -> None:
    errors = [error.message for error in validator(schema).iter_errors(yaml.safe_load(text))]
    assert errors == [], place


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ("test", "tests: []"),
        ("test", "policy: a.why\ntests: [{ ask: use a for b, expect: maybe }]"),
        ("labels", "categories: [email]"),
        ("dataset", "tables: { users: { columns: { mail: { is: email, type: text } } } }"),
    ],
)
def test_what_is_wrong_is_not(schema: str, text: str) -> None:
    assert not validator(schema).is_valid(yaml.safe_load(text))
