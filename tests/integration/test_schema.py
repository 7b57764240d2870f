"""The JSON Schema for editors agrees with the configuration that is shipped."""
import json
import pathlib
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
yaml = pytest.importorskip("yaml")


def check(value, schema, at):
    """As much of JSON Schema as the schema uses; what is wrong, as sentences."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    mine = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}.get(type(value), "string")
    if kinds and mine not in kinds:
        yield f"{at}: {mine} is none of {kinds}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value} is none of {schema['enum']}"
    if isinstance(value, dict) and "properties" in schema:
        for key, inner in value.items():
            if key in schema["properties"]:
                yield from check(inner, schema["properties"][key], f"{at}.{key}")
            elif schema.get("additionalProperties") is False:
                yield f"{at}: {key} is not known"
        for key in schema.get("required", []):
            if key not in value:
                yield f"{at}: {key} is wanting"
    if isinstance(value, list) and "items" in schema:
        for i, inner in enumerate(value):
            yield from check(inner, schema["items"], f"{at}[{i}]")


@pytest.fixture(scope="module")
def schema(build):
    return json.loads(subprocess.run([build / "newswatch", "check", "--schema"], capture_output=True, check=True).stdout)


def test_the_shipped_files_are_valid(schema):
    files = sorted(p for d in ("sources.d", "topics.d", "watches.d", "channels.d") for p in (TOP / "conf" / d).glob("*.yaml"))
    assert files
    for path in files:
        wrong = list(check(yaml.safe_load(path.read_text(encoding="utf-8")) or {}, schema, path.name))
        assert wrong == []


def test_mistakes_are_found(schema):
    assert list(check({"channels": [{"name": "a", "type": "fax"}]}, schema, "")) != []
    assert list(check({"channels": [{"name": "a"}]}, schema, "")) != []
    assert list(check({"store": {"pth": "x"}}, schema, "")) != []
