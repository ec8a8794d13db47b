"""The pages under `rules/` through confirm mode: bad examples are confirmed, good ones have nothing to report."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from keras_layer_lint.confirm.probe import Claim, Probe, ProbeResult
from tests.confirm.conftest import ORACLES, claims_in, needs, probe, ran
from tests.rule_pages import Block, Page, read_pages

BLOCKS = [
    (page, block, keras)
    for page in read_pages()
    if ORACLES[page.code] or page.code == "KLL900"
    for block in page.blocks
    for keras in block.keras
    if block.backend == "tensorflow"
]
BAD = [(page, block, keras) for page, block, keras in BLOCKS if block.is_bad and page.code != "KLL900"]
UNSEEN = [(page, block, keras) for page, block, keras in BLOCKS if block.is_bad and page.code == "KLL900"]
GOOD = [(page, block, keras) for page, block, keras in BLOCKS if not block.is_bad]


def name_of(value: object) -> str:
    return f"{value.code}" if isinstance(value, Page) else str(value)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Block, str], list[ProbeResult]]:
    """All examples, run at once."""
    needs("2", "3")
    probes: list[Probe] = []
    keys: list[tuple[str, str]] = []
    for page, block, keras in BLOCKS:
        folder = tmp_path_factory.mktemp(f"{page.code}-{keras}-")
        path = folder / f"{page.code.lower()}_{len(probes)}.py"
        path.write_text(block.source, encoding="utf-8")
        for made in probes_of(page, block, keras, path):
            probes.append(made)
            keys.append((str(block), keras))
    found, _ = ran(probes, 120)

    def of(block: Block, keras: str) -> list[ProbeResult]:
        return [result for key, result in zip(keys, found, strict=True) if key == (str(block), keras)]

    return of


def probes_of(page: Page, block: Block, keras: str, path: Path) -> list[Probe]:
    if block.is_bad and page.code != "KLL900":
        found = claims_in(path, keras, page.code, backend=block.backend)
        return [probe(path, name, claims, keras, backend=block.backend) for name, claims in found.items()]
    classes = [node for node in ast.parse(block.source).body if isinstance(node, ast.ClassDef)]
    bases = {node.name: [ast.unparse(base).rpartition(".")[2] for base in node.bases] for node in classes}
    return [
        probe(path, name, keras=keras, everything=True, backend=block.backend)
        for name in bases
        if is_layer(name, bases)
    ]


def is_layer(name: str, bases: dict[str, list[str]]) -> bool:
    known = {"Layer", "Model", "Dense", "LSTMCell", "Sequential"}
    return any(base in known or (base in bases and is_layer(base, bases)) for base in bases.get(name, []))


@pytest.mark.parametrize(("page", "block", "keras"), BAD, ids=name_of)
def test_bad(page: Page, block: Block, keras: str, results: Callable[[Block, str], list[ProbeResult]]) -> None:
    seen = [
        (claim.line, claim.code, verdict.status, verdict.evidence)
        for result in results(block, keras)
        for claim, verdict in zip(result.probe.claims, result.verdicts, strict=True)
    ]
    assert seen
    assert [told for told in seen if told[2] != "confirmed"] == []


@pytest.mark.parametrize(("page", "block", "keras"), GOOD, ids=name_of)
def test_good(page: Page, block: Block, keras: str, results: Callable[[Block, str], list[ProbeResult]]) -> None:
    assert [(result.probe.class_name, result.failures, result.reason) for result in results(block, keras)] == [
        (result.probe.class_name, (), "") for result in results(block, keras)
    ]


@pytest.mark.parametrize(("page", "block", "keras"), UNSEEN, ids=name_of)
def test_unseen(page: Page, block: Block, keras: str, results: Callable[[Block, str], list[ProbeResult]]) -> None:
    (result,) = results(block, keras)
    assert {(failure.line, page.code) for failure in result.failures} == block.expected


def test_false_claims_are_not_confirmed(tmp_path: Path) -> None:
    """What each rule says, said of a layer that has no fault, at a line that runs."""
    needs("2", "3")
    path = tmp_path / "fine.py"
    path.write_text(FINE, encoding="utf-8")
    claims = [false_claim(code, oracle, LINES.get(code[:4], 19)) for code, oracle in ORACLES.items() if oracle]
    found, _ = ran([probe(path, "Gate", claims, keras) for keras in ("2", "3")], 240)
    for result in found:
        verdicts = list(zip(result.probe.claims, result.verdicts, strict=True))
        assert [(claim.code, verdict) for claim, verdict in verdicts if verdict.status == "confirmed"] == []
        refuted = {claim.oracle for claim, verdict in verdicts if verdict.status == "refuted"}
        assert refuted >= {"graph", "build", "reload", "xla", "mask", "mixed precision"}


FINE = """\
import keras
import tensorflow as tf


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
        mean = tf.reduce_mean(inputs)
        scaled = inputs * self.scale
        return tf.where(mean > tf.cast(self.limit, mean.dtype), scaled, tf.zeros_like(inputs))

    def get_config(self):
        return {**super().get_config(), "limit": self.limit}
"""
LINES = {"KLL2": 13, "KLL3": 21}


def false_claim(code: str, oracle: str, line: int) -> Claim:
    return Claim(
        code=code,
        oracle=oracle,
        severity="error",
        message="`self.scale` is silently not trained",
        line=line,
        column=9,
        end_line=line,
        end_column=20,
    )
