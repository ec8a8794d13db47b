"""What a check hands to its context: outcomes by target, and messages that read a position only when asked."""

from __future__ import annotations

import libcst as cst
import pytest

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, Outcomes, TensorMessage, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity, Span
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.rule import Rule
from keras_layer_lint.target import EVERY_VERSION, GENERATIONS, Generation, Target, Version, Versions, since, until
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.value import Nest
from tests.subjects import layer_class

SOURCE = """\
class Gate(keras.layers.Layer):
    def __init__(self):
        super().__init__({arguments})

    def call(self, x):
        self.seen = x
        return x
"""
NOTE, WARNING = Outcome(Severity.NOTE, "note"), Outcome(Severity.WARNING, "warning")
HERE = Span(1, 1, 1, 2)


def context(keras: str = "23", backend: str = "tensorflow", arguments: str = "") -> LayerContext:
    return LayerContext(layer_class(SOURCE.format(arguments=arguments), keras=keras), "gate.py", backend)


def diagnose(layer: LayerContext, outcomes: Outcomes) -> Diagnostic | None:
    return layer.diagnose(Rule("KLL999", "test"), lambda: HERE, outcomes)


@pytest.mark.parametrize(
    ("outcomes", "keras", "backend", "expected"),
    [
        (same_everywhere(NOTE), "23", "tensorflow", ("note (Keras 2 and 3)", ("2", "3"))),
        (same_everywhere(NOTE), "23", "jax", ("note (Keras 2 and 3)", ("2", "3"))),
        (same_everywhere(NOTE), "3", "jax", ("note", ("3",))),
        (
            {Target.KERAS2: NOTE, Target.KERAS3: WARNING},
            "23",
            "tensorflow",
            ("warning (Keras 3); note (Keras 2, note)", ("2", "3")),
        ),
        ({Target.KERAS3: NOTE, Target.KERAS3_JAX: WARNING}, "23", "jax", ("warning (Keras 3 on JAX)", ("3",))),
        ({Target.KERAS3: NOTE, Target.KERAS3_JAX: WARNING}, "23", "tensorflow", ("note (Keras 3)", ("3",))),
        ({Target.KERAS3: NOTE, Target.KERAS3_JAX: None}, "3", "jax", None),
        ({Target.KERAS3_JAX: NOTE}, "3", "tensorflow", None),
        ({Target.KERAS3: NOTE}, "2", "jax", None),
        ({}, "23", "jax", None),
    ],
)
def test_worst_outcome_of_the_targets(
    outcomes: Outcomes, keras: str, backend: str, expected: tuple[str, tuple[str, ...]] | None
) -> None:
    found = diagnose(context(keras, backend), outcomes)
    assert (found and (found.message, found.keras)) == expected


SINCE = {
    Target.KERAS2: Outcome(Severity.NOTE, "two", versions=since(2, 13)),
    Target.KERAS3: Outcome(Severity.WARNING, "three", versions=since(3, 6)),
}
BOTH = "three (from Keras 3.6 on) (Keras 3); two (from Keras 2.13 on) (Keras 2, note)"


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        ({}, (BOTH, ("2", "3"))),
        ({Generation.KERAS3: (3, 6)}, (BOTH, ("2", "3"))),
        ({Generation.KERAS3: (3, 15)}, (BOTH, ("2", "3"))),
        ({Generation.KERAS3: (3, 5)}, ("two (from Keras 2.13 on) (Keras 2)", ("2",))),
        ({Generation.KERAS3: (3, 5), Generation.KERAS2: (2, 12)}, None),
    ],
)
def test_what_is_so_from_a_version_on(
    newest: dict[Generation, Version], expected: tuple[str, tuple[str, ...]] | None
) -> None:
    layer = LayerContext(layer_class(SOURCE.format(arguments="")), "gate.py", newest=newest.get)
    found = diagnose(layer, SINCE)
    assert (found and (found.message, found.keras)) == expected


BOTH = "three (from Keras 3.6 on) (Keras 3); two (from Keras 2.13 on) (Keras 2, note)"


@pytest.mark.parametrize(
    ("newest", "expected"),
    [(None, None), ((3, 15), None), ((3, 14), "gone (up to Keras 3.14)"), ((3, 0), "gone (up to Keras 3.14)")],
)
def test_what_is_so_up_to_a_version(newest: Version | None, expected: str | None) -> None:
    subject = layer_class(SOURCE.format(arguments=""), keras="3")
    layer = LayerContext(subject, "gate.py", newest=lambda generation: newest)
    found = diagnose(layer, {Target.KERAS3: Outcome(Severity.NOTE, "gone", versions=until(3, 14))})
    assert (found and found.message) == expected


@pytest.mark.parametrize(
    ("versions", "said", "lacks"),
    [
        (EVERY_VERSION, "", set()),
        (since(2, 13), "from Keras 2.13 on", {(2, 9)}),
        (until(2, 13), "up to Keras 2.13", {None, (2, 14), (2, 15), (2, 16)}),
        (until(2, 13) | since(2, 16), "up to Keras 2.13 and from 2.16 on", {(2, 14), (2, 15)}),
        (Versions((((2, 13), (2, 15)),)), "from Keras 2.13 to 2.15", {None, (2, 9), (2, 16)}),
    ],
)
def test_versions(versions: Versions, said: str, lacks: set[Version | None]) -> None:
    asked: tuple[Version | None, ...] = (None, (2, 9), (2, 13), (2, 14), (2, 15), (2, 16))
    assert str(versions) == said
    assert {version for version in asked if not versions.has(version)} == lacks


def test_generations_are_those_of_command_line_and_report() -> None:
    assert [target.generation.value for target in Target] == ["2", "3", "3"]
    assert [target.generation for target in GENERATIONS] == list(Generation)


def test_message_on_a_tensor_reads_its_position_once_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = context("3")
    (event,) = layer.analysis.events(AttributeStored, "call")
    assert isinstance(event.value, Nest)
    asked: list[cst.CSTNode] = []
    span = CodeUnit.span

    def counted(unit: CodeUnit, node: cst.CSTNode) -> Span:
        asked.append(node)
        return span(unit, node)

    monkeypatch.setattr(CodeUnit, "span", counted)
    message = TensorMessage("kept: ", event.site, event.value.origin) + "; lost"
    assert message == TensorMessage("kept: ", event.site, event.value.origin, "; lost")
    assert diagnose(layer, {Target.KERAS2: Outcome(Severity.NOTE, message)}) is None
    assert asked == []
    found = diagnose(layer, {Target.KERAS3: Outcome(Severity.NOTE, message)})
    assert found is not None
    assert found.message == "kept: it is an argument of `call` (line 11); lost"
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("only_traced", "arguments", "keras"),
    [
        (True, "", ("2", "3")),
        (True, "dynamic=True", ("3",)),
        (False, "dynamic=True", ("2", "3")),
    ],
)
def test_what_holds_only_while_traced_is_none_where_keras_2_runs_eagerly(
    only_traced: bool, arguments: str, keras: tuple[str, ...]
) -> None:
    layer = context(arguments=arguments)
    (event,) = layer.analysis.events(AttributeStored, "call")
    rule = Rule("KLL999", "test", only_traced=only_traced)
    found = layer.at_site(rule, event.site, same_everywhere(NOTE))
    assert found is not None
    assert found.keras == keras
