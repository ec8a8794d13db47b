"""A proof that proves everything proves nothing: false claims, and the reason why each is refused."""

from __future__ import annotations

import pytest

from tests.proof.cases import Case
from tests.proof.claim import Claim
from tests.proof.conftest import Judge
from tests.rule_pages import GENERATIONS, Block

FINE = """
import keras
import tensorflow as tf


class Gate(keras.layers.Layer):
    def __init__(self, limit=0.5, **kwargs):
        super().__init__(**kwargs)
        self.limit = limit

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(input_shape[-1],), initializer="ones")
        super().build(input_shape)

    def call(self, inputs):
        mean = tf.reduce_mean(inputs)
        return tf.where(mean > self.limit, inputs * self.scale, tf.zeros_like(inputs))

    def get_config(self):
        return {**super().get_config(), "limit": self.limit}
"""


def faulty(old: str, new: str) -> str:
    assert FINE.count(old) == 1
    return FINE.replace(old, new)


NUMPY = faulty("tf.reduce_mean(inputs)", "inputs.numpy().mean()")
RESULT = "tf.where(mean > self.limit, inputs * self.scale, tf.zeros_like(inputs))"


def line_of(source: str, text: str) -> int:
    return next(number for number, line in enumerate(source.splitlines(), 1) if text in line)


def bad(source: str, code: str, text: str, severity: str, message: str = "", error: str = "") -> Case:
    line = line_of(source, text)
    lines = source.splitlines()
    lines[line - 1] += f"  # {code}"
    block = Block(f"{code}-{severity}", line, True, GENERATIONS, "\n".join(lines) + "\n")
    return Case(block, "", "Gate", Claim(code, line, severity, message, "Gate", (error,) if error else ()))


def good(source: str, name: str) -> Case:
    return Case(Block(name, 1, False, GENERATIONS, source), "", "Gate", None)


REFUTED = [
    (bad(FINE, "KLL101", "mean =", "error"), "with the values of eager mode"),
    (bad(NUMPY, "KLL112", "return tf.where", "error"), "has no attribute 'numpy'"),  # not at the line that is marked
    (bad(NUMPY, "KLL112", "mean =", "error", error="TypeError"), "the page says TypeError"),
    (bad(FINE, "KLL122", "self.limit = limit", "warning"), "ran 0 times in eager mode"),
    (bad(FINE, "KLL131", "mean =", "error"), "with the values of eager mode"),
    (bad(FINE, "KLL151", "mean =", "note"), "XLA predicts and trains as well"),
    (bad(FINE, "KLL201", "self.scale =", "note"), "has no weight when constructed"),
    (bad(FINE, "KLL202", "def build", "note"), "build was reached"),
    (bad(FINE, "KLL202", "def build", "error"), "the first call raises nothing"),
    (bad(FINE, "KLL203", "super().build", "error"), "nothing raises"),
    (bad(FINE, "KLL206", "self.scale =", "error", "`self.scale` is silently not trained"), "are trained"),
    (bad(FINE, "KLL206", "self.scale =", "error", "`self.scale` is silently not saved"), "were saved"),
    (bad(FINE, "KLL207", "def build", "error"), "computes the same"),
    (bad(FINE, "KLL208", "self.scale =", "error"), "nothing raises"),
    (bad(FINE, "KLL209", "self.scale =", "warning"), "saved without an error"),
    (bad(FINE, "KLL214", "self.scale =", "error", "`self.scale`"), "out of use: []"),
    (bad(FINE, "KLL301", "class Gate", "note", "`limit`"), "has a get_config"),
    (bad(FINE, "KLL302", "def get_config", "error", "`limit`"), "without an error"),
    (bad(FINE, "KLL302", "def get_config", "warning", "`limit`"), "was loaded as [0.75]"),
    (bad(FINE, "KLL304", "def get_config", "warning", "`name`"), "was kept"),
    (bad(FINE, "KLL306", "def __init__", "note"), "takes a name"),
    (bad(FINE, "KLL999", "class Gate", "note"), "no oracle for KLL999"),
    (good(NUMPY, "fails when traced"), "could not be called"),
    (good(faulty('return {**super().get_config(), "limit": self.limit}', "return {}"), "forgets"), "something else"),
    (good(faulty("mean =", "self.last ="), "fails in eager mode"), "could not be called"),
    (good(faulty(RESULT, "inputs * tf.linalg.det(tf.eye(8) * mean)"), "no XLA"), "MatrixDeterminant"),
    (good(faulty(RESULT, "inputs + (0.0 if tf.executing_eagerly() else 1.0)"), "differs"), "other values"),
]
CASES = [
    (Case(case.block, keras, case.class_name, case.claim), reason) for case, reason in REFUTED for keras in GENERATIONS
]


@pytest.mark.parametrize(("case", "reason"), CASES, ids=lambda value: str(value) if isinstance(value, Case) else "")
def test_refuted(case: Case, reason: str, judge: Judge) -> None:
    verdict = judge(case)
    assert not verdict["proved"], verdict["evidence"]
    assert reason in verdict["evidence"]
