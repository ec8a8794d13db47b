"""What nothing gets to run is no silence: a fault of the layer's own is reported, all else is said not to be run."""

from __future__ import annotations

import re
import sys
from dataclasses import replace

import pytest

from keras_layer_lint.confirm.probe import ProbeResult, Recipe
from tests.confirm.conftest import probe, ran
from tests.confirm.failing_cases import FAULTY, SOUND
from tests.frameworks import needs

WORDS = {
    "2": {"{import}": "import keras.backend as operations", "{four}": "ValueError: invalid literal for int()"},
    "3": {"{import}": "from keras import ops as operations", "{four}": "ValueError: Received an invalid value"},
}
CLASS = re.compile(r"^class (\w+)\(.*?\):(?:  # NOT RUN (.*))?$")
FAILS = re.compile(r"  # FAILS (.*)$")


def source_of(keras: str, module: str) -> str:
    source = {"faulty": FAULTY, "sound": SOUND}[module]
    for mark, text in WORDS[keras].items():
        source = source.replace(mark, text)
    return source


@pytest.fixture(scope="module", params=["2", "3"])
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ProbeResult]:
    keras = str(request.param)
    needs(keras)
    folder = tmp_path_factory.mktemp("silence")
    probes = []
    for module in ("faulty", "sound"):
        (path := folder / f"{module}.py").write_text(source_of(keras, module), encoding="utf-8")
        names = [found[1] for line in path.read_text(encoding="utf-8").splitlines() if (found := CLASS.match(line))]
        probes += [probe(path, name, keras=keras, everything=True) for name in names]
    return {result.probe.class_name: result for result in ran(probes)[0]}


def of_classes(source: str) -> dict[str, tuple[str, int, str]]:
    """By class: what must be said of it, at which line, and why it is not run."""
    found: dict[str, tuple[str, int, str]] = {}
    name = ""
    for number, line in enumerate(source.splitlines(), 1):
        if (opening := CLASS.match(line)) is not None:
            name = opening[1]
            found[name] = ("", 0, opening[2] or "")
        elif (fails := FAILS.search(line)) is not None:
            found[name] = (fails[1], number, "")
    return found


NEEDS_COLUMNS = {"UnitsAsText", "UnitsAsTextInCall", "UnknownArgument"}
"""Reported where Python says which part of a line failed."""


@pytest.mark.parametrize("name", of_classes(FAULTY))
def test_a_fault_of_its_own_is_reported_at_its_line(results: dict[str, ProbeResult], name: str) -> None:
    if name in NEEDS_COLUMNS and sys.version_info < (3, 11):
        pytest.skip("this Python does not say which part of a line failed")
    result = results[name]
    evidence, line, _ = of_classes(source_of(result.probe.generation.value, "faulty"))[name]
    (failure,) = result.failures
    assert evidence in failure.evidence
    assert (failure.line, failure.severity) == (line, "error")


@pytest.mark.parametrize("name", of_classes(SOUND))
def test_what_klint_made_up_is_no_fault_of_the_layer(results: dict[str, ProbeResult], name: str) -> None:
    _, _, reason = of_classes(SOUND)[name]
    result = results[name]
    assert result.failures == ()
    assert reason in result.reason
    if reason:
        assert result.help.startswith((f'"sound.{name}" = ', "look at what is said of "))


INPUTS = Recipe(inputs="float32[2,3]")
WITH_RECIPE = {
    ("OfOneShape", INPUTS): "eager: ValueError: 17 rows are wanted",
    ("OfOneKind", INPUTS): "eager: AttributeError",
    ("Abstract", INPUTS): "eager: NotImplementedError",
    ("Secret", Recipe(arguments="secret='x'")): "constructing: AssertionError",
    ("Secret", Recipe(arguments="sekret='x'")): "",  # the recipe is at fault
    ("Secret", INPUTS): "",  # its arguments are klint's
    ("OfOneShape", Recipe(call="training=True")): "",
    ("Optional", INPUTS): "",
    ("OptionalModule", INPUTS): "",
    ("FromFile", INPUTS): "",
}


@pytest.fixture(scope="module", params=["2", "3"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[ProbeResult]:
    keras = str(request.param)
    needs(keras)
    (path := tmp_path_factory.mktemp("recipes") / "sound.py").write_text(SOUND, encoding="utf-8")
    plain = [probe(path, name, keras=keras, everything=True) for name, _ in WITH_RECIPE]
    probes = [replace(each, recipe=recipe) for each, (_, recipe) in zip(plain, WITH_RECIPE, strict=True)]
    return ran(probes)[0]


def test_what_fails_with_a_recipe_that_tells_all_is_reported(told: list[ProbeResult]) -> None:
    for result, evidence in zip(told, WITH_RECIPE.values(), strict=True):
        assert [failure.evidence[: len(evidence)] for failure in result.failures] == [evidence] * bool(evidence), result
        assert all(failure.line for failure in result.failures)
        assert result.reason
