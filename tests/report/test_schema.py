"""`docs/report.schema.json` describes the JSON report: every field of it, and in the form that it has."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from keras_layer_lint.confirm.probe import Claim, Probe, ProbeResult, UnseenFailure
from keras_layer_lint.diagnostic import Edit, Fix, Limit, Severity, Span, Verdict
from keras_layer_lint.findings import Chosen, FileError, NotRun, Report
from keras_layer_lint.report import render
from keras_layer_lint.rule import Confirmation
from keras_layer_lint.target import Generation
from tests.conftest import ROOT, Make, Run
from tests.frameworks import needs

SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that refuses fields it does not describe: readers take new ones, the tests do not."""
    schema = copy.deepcopy(schema)
    waiting: list[Any] = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if part.get("type") == "object" and "additionalProperties" not in part and part is not verdict_of(schema):
                part["additionalProperties"] = False
            if "$ref" in part and "properties" in part:
                part["unevaluatedProperties"] = False
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    diagnostic = schema["$defs"]["diagnostic"]["properties"]
    diagnostic["verdict"]["anyOf"][1]["unevaluatedProperties"] = False
    return schema


def verdict_of(schema: dict[str, Any]) -> object:
    """The part that an entry of `layers` adds to."""
    return schema["$defs"]["verdict"]


VALIDATOR = Draft202012Validator(closed(SCHEMA))


def faults(document: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(document)]


def verdict(status: Any, **fields: Any) -> Verdict:
    return Verdict(
        status=status, oracle="graph", keras="3.15.1", backend="jax 0.10.2", device="cpu", evidence="it ran", **fields
    )


FIX = Fix("safe", "add a line", (Edit(Span(5, 1, 5, 1), "    pass\n"),))


@pytest.fixture
def document(make: Make) -> dict[str, Any]:
    """A report that has something in each of its parts."""
    claim = Claim(
        code="KLL101",
        name="tensor-if",
        confirm=Confirmation("graph"),
        severity="error",
        line=5,
        column=1,
        end_line=5,
        end_column=2,
    )
    probe = Probe(
        path="/p/layers.py",
        shown="layers.py",
        root="/p",
        module="layers",
        class_name="Gate",
        generation=Generation.KERAS3,
        claims=(claim,),
    )
    run = ProbeResult(
        probe=probe,
        verdicts=(verdict("confirmed", line=5),),
        failures=(UnseenFailure(oracle="xla", evidence="InvalidArgumentError", line=None),),
        lacking=("the network",),
    )
    report = Report(
        diagnostics=(
            make(verdict=verdict("confirmed", line=5, seconds=0.25), class_name="Gate", method="call", fix=FIX),
            make(verdict=verdict("inconclusive", help="a recipe"), severity=Severity.NOTE, cell=3, keras=("2", "3")),
            make(),
        ),
        errors=(FileError("gone.py", "cannot be read: No such file or directory"),),
        files=3,
        layers=2,
        seconds=0.5,
        runs=(run.to_json(),),
        not_run=(NotRun("layers.py", 3, ("Gate",), "3", "no such package", "a recipe"),),
        chosen=((Chosen(("3",), "it is the default"), 2), (Chosen(("2",), "`tf_keras` is imported"), 1)),
        limits=(Limit("layers.py", 3, "Gate", "more than 9 steps"), Limit("layers.py", 1, None, "depth")),
    )
    loaded: dict[str, Any] = json.loads(render("json", report, lambda path: []))
    return loaded


@pytest.mark.slow
def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_report_with_everything_in_it(document: dict[str, Any]) -> None:
    assert faults(document) == []


def places(value: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where each field of a document stands."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*place, key)
        yield from places(part, (*place, key))


def parent(document: Any, place: tuple[str | int, ...]) -> Any:
    for key in place[:-1]:
        document = document[key]
    return document


@pytest.mark.slow
def test_what_is_of_another_form_is_refused(document: dict[str, Any]) -> None:
    """Each field in turn becomes an object that no field is, and then has another name."""
    found = [place for place in places(document) if place[:2] != ("summary", "by_code")]
    assert len(found) > 80
    for place in found:
        changed = copy.deepcopy(document)
        parent(changed, place)[place[-1]] = {"unknown": 1}
        assert faults(changed), f"{place} may be anything"
        if isinstance(place[-1], str):
            changed = copy.deepcopy(document)
            fields = parent(changed, place)
            fields["unknown"] = fields.pop(place[-1])
            assert faults(changed), f"{place} is not described"


def test_what_is_described_is_there(document: dict[str, Any]) -> None:
    """A report with everything has every field that the schema names."""
    named: set[str] = set()
    waiting: list[Any] = [SCHEMA]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            named |= part.get("properties", {}).keys()
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    assert {key for place in places(document) for key in place if isinstance(key, str)} - {"KLL101"} == named


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["faulty", "clean", "nowhere"])
def test_real_report(klint: Callable[..., Run], folder: str, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("class Gate(Layer:\n    def call(self): ...\n", encoding="utf-8")
    run = klint(str(ROOT / "fixtures" / folder), "broken.py", "--isolated", "--output-format", "json")
    found = json.loads(run.out)
    assert faults(found) == []
    assert "KLL001" in found["summary"]["by_code"]
    assert (len(found["summary"]["by_code"]) > 9) == (folder == "faulty")
    assert bool(found["errors"]) == (folder == "nowhere")


def test_real_report_with_verdicts(klint: Callable[..., Run], tmp_path: Path) -> None:
    needs("3")
    source = "import keras\nimport numpy as np\n\n\nclass Gate(keras.layers.Layer):\n"
    source += "    def call(self, x):\n        return np.exp(x)\n"
    (tmp_path / "layers.py").write_text(source, encoding="utf-8")
    run = klint("layers.py", "--isolated", "--keras", "3", "--confirm=all", "--output-format", "json")
    found = json.loads(run.out)
    assert faults(found) == []
    assert [item["verdict"]["status"] for item in found["diagnostics"]] == ["confirmed"]
    assert [layer["class"] for layer in found["layers"]] == ["Gate"]
