"""Keras 3 on JAX through confirm mode: the examples of the pages, and layers that come to something else there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from keras_layer_lint.confirm.probe import Claim, Probe, ProbeResult, Recipe
from keras_layer_lint.expectation import NOTHING, Effect, expects
from tests.confirm.conftest import ORACLES, claim_of, claims_in, probe, ran
from tests.confirm.examples import probes_on_backends
from tests.frameworks import needs
from tests.jax_cases import BATCH, CASES, JaxCase
from tests.rule_pages import Block, Page, marks, read_pages

BLOCKS = [(page, block) for page in read_pages() for block in page.blocks if "jax" in block.backend]
BAD = [(page, block) for page, block in BLOCKS if block.is_bad]
GOOD = [(page, block) for page, block in BLOCKS if not block.is_bad]
REPORTED = [case for case in CASES if case.severity]
SILENT = [case for case in CASES if not case.severity]
CLAIMED = [case for case in SILENT if ORACLES[case.code] == "xla" or case.code == "KLL115"]
"""What is compiled, or called twice, only where a finding asks for it."""
FINE = """\
import keras
from keras import ops


@keras.saving.register_keras_serializable("fine")
class Gate(keras.layers.Layer):
    def __init__(self, limit=0.5, **kwargs):
        super().__init__(**kwargs)
        self.limit = limit
        self.supports_masking = True

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(input_shape[-1],), initializer="ones")
        super().build(input_shape)

    def call(self, inputs, mask=None, training=None):
        mean = ops.mean(inputs)
        scaled = inputs * self.scale
        return ops.where(mean > ops.cast(self.limit, mean.dtype), scaled, ops.zeros_like(inputs))

    def get_config(self):
        return {**super().get_config(), "limit": self.limit}
"""
PREPARED = """\
import importlib.util
import sys

import keras

HAS_IMPORTED = importlib.util.find_spec("tensorflow") is None or "tensorflow" in sys.modules


class Gate(keras.layers.Layer):
    def call(self, inputs):
        if not HAS_IMPORTED:
            raise RuntimeError("saving would import TensorFlow")
        return inputs
"""
LINES = {"KLL2": 13, "KLL3": 21}


def name_of(value: object) -> str:
    return value.code if isinstance(value, Page) else str(value)


NOT_TRAINED = expects(Effect.NOT_TRAINED, attribute="scale")
EXPECTED = {"KLL205": NOT_TRAINED, "KLL206": NOT_TRAINED, "KLL214": NOT_TRAINED}


def false_claim(code: str, line: int) -> Claim:
    """What a rule says, said of a line that has no such fault."""
    return claim_of(code, line, expects=EXPECTED.get(code, NOTHING))


@dataclass(frozen=True)
class Results:
    """What all of it came to, run at once."""

    found: dict[str, list[ProbeResult]]

    def of(self, key: object) -> list[ProbeResult]:
        return self.found[str(key)]

    def told(self, key: object) -> list[tuple[int, str, str, str]]:
        """Line, code, status and evidence of each verdict."""
        return [
            (claim.line, claim.code, verdict.status, verdict.evidence)
            for result in self.of(key)
            for claim, verdict in zip(result.probe.claims, result.verdicts, strict=True)
        ]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    needs("3", backend="jax")
    folder = tmp_path_factory.mktemp("jax")
    probes: list[tuple[str, Probe]] = []
    for page, block in BLOCKS:
        path = folder / f"{page.code.lower()}_{len(probes)}.py"
        path.write_text(block.source, encoding="utf-8")
        probes += [(str(block), made) for made in probes_on_backends(page, block, path)]
    for case in REPORTED + SILENT:
        path = folder / f"case_{len(probes)}.py"
        path.write_text(case.source, encoding="utf-8")
        found = claims_in(path, "3", case.code, backend="jax").get("Subject", []) if case.severity else []
        claims = [claim for claim in found if claim.code == case.code] + [said_of(case)] * (case in CLAIMED)
        made = probe(path, "Subject", claims, backend="jax", everything=not case.severity)
        probes.append((str(case), replace(made, recipe=Recipe(inputs="float32[2,3,4]"))))
    path = folder / "fine.py"
    path.write_text(FINE, encoding="utf-8")
    false = [false_claim(code, LINES.get(code[:4], 19)) for code, oracle in ORACLES.items() if oracle]
    probes.append(("fine", probe(path, "Gate", false, backend="jax")))
    path = folder / "prepared.py"
    path.write_text(PREPARED, encoding="utf-8")
    probes.append(("prepared", probe(path, "Gate", backend="jax", everything=True)))
    (learns,) = [block for page, block in GOOD if page.code == "KLL142"]
    path = folder / "learns.py"
    path.write_text(learns.source, encoding="utf-8")
    probes.append(("learns", probe(path, "Classifier", [false_claim("KLL142", 10)], backend="jax")))
    every, _ = ran([made for _, made in probes], 120)
    keys = {key for key, _ in probes}
    return Results({key: [one for one, (of, _) in zip(every, probes, strict=True) if of == key] for key in keys})


def said_of(case: JaxCase) -> Claim:
    """What the rule says where it speaks."""
    ((line, code),) = marks(replace(case, severity="error").source)
    if code == "KLL115":
        return claim_of(code, line, severity="warning", expects=expects(Effect.SAME_NUMBERS))
    return false_claim(code, line)


@pytest.mark.parametrize(("page", "block"), BAD, ids=name_of)
def test_bad(page: Page, block: Block, results: Results) -> None:
    assert {(line, code, status) for line, code, status, _ in results.told(block)} == {
        (line, code, "confirmed") for line, code in block.expected
    }


@pytest.mark.parametrize(("page", "block"), GOOD, ids=name_of)
def test_good(page: Page, block: Block, results: Results) -> None:
    assert {(result.failures, result.reason) for result in results.of(block)} == {((), "")}


@pytest.mark.parametrize("case", REPORTED, ids=str)
def test_what_is_reported_happens(case: JaxCase, results: Results) -> None:
    ((line, code, status, evidence),) = results.told(case)
    assert {(line, code)} == marks(case.source)
    assert status == "confirmed", evidence
    expected = "EndlessLoop" if case.endless else case.raises
    # Over an open size JAX 0.12 raises AttributeError in an attempt to count with it.
    assert expected in evidence or (case.raises == BATCH and "process_primitive" in evidence)


@pytest.mark.parametrize("case", SILENT, ids=str)
def test_what_is_not_reported_is_traced_and_trained_and_saved(case: JaxCase, results: Results) -> None:
    assert [(result.failures, result.reason) for result in results.of(case)] == [((), "")]


@pytest.mark.parametrize("case", CLAIMED, ids=str)
def test_what_is_not_reported_does_not_happen(case: JaxCase, results: Results) -> None:
    ((_, _, status, evidence),) = results.told(case)
    assert status == "refuted", evidence


def test_a_model_that_passes_training_on_learns_statistics(results: Results) -> None:
    """The good example of KLL142, of which the same is said as of the bad one."""
    ((_, _, status, evidence),) = results.told("learns")
    assert status == "refuted", evidence
    assert "1 BatchNormalization layers moved" in evidence


def test_false_claims_are_not_confirmed(results: Results) -> None:
    told = results.told("fine")
    assert [verdict for verdict in told if verdict[2] == "confirmed"] == []
    refuted = {ORACLES[code] for _, code, status, _ in told if status == "refuted"}
    assert refuted >= {"graph", "build", "reload", "xla", "mask", "mixed precision"}


def test_what_saving_imports_is_imported_once_for_all(results: Results) -> None:
    assert [(result.failures, result.reason) for result in results.of("prepared")] == [((), "")]


def test_a_loop_that_never_ends_is_told_by_its_steps(results: Results) -> None:
    evidence: Sequence[str] = [told[3] for case in CASES if case.endless for told in results.told(case)]
    assert evidence == ["EndlessLoop: 104 steps over a weight of 4 elements, and no end: the last is given again"]


UNREACHED = """\
import keras


class Thinned(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.is_on = False

    def call(self, inputs):
        if self.is_on:
            return keras.layers.Dropout(0.5)(inputs, training=True)
        return inputs
"""


def test_a_layer_that_is_not_made_draws_nothing_that_could_be_seen(tmp_path: Path) -> None:
    needs("3", backend="jax")
    path = tmp_path / "unreached.py"
    path.write_text(UNREACHED, encoding="utf-8")
    (line,) = [number for number, text in enumerate(UNREACHED.splitlines(), 1) if "Dropout" in text]
    claim = claim_of("KLL132", line, 20, line, 45, severity="warning", expects=expects(Effect.SAME_NUMBERS))
    (result,), _ = ran([probe(path, "Thinned", [claim], backend="jax")], 60)
    (verdict,) = result.verdicts
    assert verdict.status == "inconclusive"
    assert verdict.evidence == f"a call with the arguments that klint chose does not get to line {line}"
