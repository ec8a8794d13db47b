"""A proof that proves everything proves nothing: false claims, and the reason why each is refused."""

from __future__ import annotations

from dataclasses import replace

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


MODEL = """
import keras


class Gate(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.norm = keras.layers.BatchNormalization()

    def call(self, inputs, training=None):
        return self.norm(inputs, training=training)
"""

TOLD = """
import keras
import tensorflow as tf


class Gate(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None, training=None):
        if training:
            inputs = inputs + tf.random.normal(tf.shape(inputs))
        if mask is not None:
            inputs *= tf.cast(mask[..., None], inputs.dtype)
        return inputs
"""

SEEDED = """
import keras


class Gate(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seeds = keras.random.SeedGenerator(7)

    def call(self, inputs):
        return inputs + keras.random.normal(keras.ops.shape(inputs), seed=self.seeds)
"""

LOSS = """
import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="example")
class Gate(keras.losses.Loss):
    def __init__(self, power=2.0, **kwargs):
        super().__init__(**kwargs)
        self.power = power

    def call(self, y_true, y_pred):
        return tf.reduce_mean(tf.abs(y_true - y_pred) ** self.power, axis=-1)

    def get_config(self):
        return {**super().get_config(), "power": self.power}
"""


def faulty(old: str, new: str, source: str = FINE) -> str:
    assert source.count(old) == 1
    return source.replace(old, new)


NUMPY = faulty("tf.reduce_mean(inputs)", "inputs.numpy().mean()")
RESULT = "tf.where(mean > self.limit, inputs * self.scale, tf.zeros_like(inputs))"
REGISTERED = faulty("class Gate", '@keras.saving.register_keras_serializable("example")\nclass Gate')


def line_of(source: str, text: str) -> int:
    return next(number for number, line in enumerate(source.splitlines(), 1) if text in line)


def bad(
    source: str, code: str, text: str, severity: str, message: str = "", error: str = "", keras: str = "23"
) -> Case:
    line = line_of(source, text)
    lines = source.splitlines()
    lines[line - 1] += f"  # {code}"
    block = Block(f"{code}-{severity}", line, True, tuple(keras), "\n".join(lines) + "\n")
    return Case(block, "", "Gate", Claim(code, line, severity, message, "Gate", (error,) if error else ()))


def good(source: str, name: str) -> Case:
    return Case(Block(name, 1, False, GENERATIONS, source), "", "Gate", None)


REFUTED = [
    (bad(FINE, "KLL101", "mean =", "error"), "with the values of eager mode"),
    (bad(NUMPY, "KLL112", "return tf.where", "error"), "has no attribute 'numpy'"),  # not at the line that is marked
    (bad(NUMPY, "KLL112", "mean =", "error", error="TypeError"), "the page says TypeError"),
    (bad(FINE, "KLL122", "self.limit = limit", "warning"), "ran 0 times in eager mode"),
    (bad(FINE, "KLL115", "mean =", "warning", "has no seed", keras="3"), "two calls give the same values"),
    (
        bad(FINE, "KLL115", "mean =", "warning", "has the seed 7", keras="3"),
        "another seed than 7 gives the same values",
    ),
    (bad(SEEDED, "KLL115", "return", "warning", "has no seed", keras="3"), "keeps a state"),
    (bad(FINE, "KLL131", "mean =", "error"), "with the values of eager mode"),
    (bad(MODEL, "KLL142", "def call", "warning"), "the statistics of 1 of 1"),
    (bad(TOLD, "KLL143", "def call", "note"), "masks of the outputs: ["),
    (bad(TOLD, "KLL146", "def call", "note"), "called without `training`, it is in inference mode"),
    (bad(TOLD, "KLL146", "def call", "warning"), "predict is in inference mode"),
    (bad(FINE, "KLL151", "mean =", "note"), "XLA predicts and trains as well"),
    (bad(FINE, "KLL161", "mean =", "note"), "raises nothing under mixed_float16"),
    (bad(FINE, "KLL201", "self.scale =", "note"), "has no weight when constructed"),
    (bad(FINE, "KLL202", "def build", "note"), "build was reached"),
    (bad(FINE, "KLL202", "def build", "warning"), "keeps the weights that were set"),
    (bad(FINE, "KLL202", "def build", "error"), "the first call raises nothing"),
    (bad(FINE, "KLL203", "super().build", "error"), "nothing raises"),
    (bad(NUMPY, "KLL204", "def __init__", "error"), "has no attribute 'numpy'"),
    (bad(FINE, "KLL206", "self.scale =", "error", "`self.scale` is silently not trained"), "are trained"),
    (bad(FINE, "KLL206", "self.scale =", "error", "`self.scale` is silently not saved"), "were saved"),
    (bad(FINE, "KLL207", "def build", "error"), "computes the same"),
    (bad(FINE, "KLL208", "self.scale =", "error"), "nothing raises"),
    (bad(FINE, "KLL209", "self.scale =", "warning"), "saved without an error"),
    (bad(FINE, "KLL212", "self.limit = limit", "error"), "computes the same"),
    (bad(FINE, "KLL214", "self.scale =", "error", "`self.scale`"), "without the line: AttributeError"),
    (bad(FINE, "KLL301", "class Gate", "note", "`limit`"), "has a get_config"),
    (bad(FINE, "KLL302", "def get_config", "error", "`limit`"), "without an error"),
    (bad(FINE, "KLL302", "def get_config", "warning", "`limit`"), "was loaded as [0.75]"),
    (bad(FINE, "KLL304", "def get_config", "warning", "`name`"), "was kept"),
    (bad(FINE, "KLL306", "def __init__", "note"), "takes a name"),
    (bad(REGISTERED, "KLL309", "class Gate", "note"), "loaded without custom_objects"),
    (bad(LOSS, "KLL301", "class Gate", "error"), "saved and loaded without an error"),
    (bad(LOSS, "KLL301", "class Gate", "warning", "`power`"), "was loaded as"),
    (bad(LOSS, "KLL309", "class Gate", "note"), "loaded without custom_objects"),
    (bad(FINE, "KLL310", "def get_config", "warning", "`limit`"), "no argument that is lost"),
    (bad(FINE, "KLL999", "class Gate", "note"), "no oracle for KLL999"),
    (good(NUMPY, "fails when traced"), "could not be called"),
    (good(FINE, "KLL309 unregistered"), "loading: TypeError"),
    (good(faulty("mean > self.limit", "mean > tf.constant(0.5)"), "KLL161 float32"), "under mixed_float16: "),
    (good(faulty('return {**super().get_config(), "limit": self.limit}', "return {}"), "forgets"), "something else"),
    (good(faulty("mean =", "self.last ="), "fails in eager mode"), "could not be called"),
    (good(faulty(RESULT, "inputs * tf.linalg.det(tf.eye(8) * mean)"), "no XLA"), "MatrixDeterminant"),
    (good(faulty(RESULT, "inputs + (0.0 if tf.executing_eagerly() else 1.0)"), "differs"), "other values"),
    (
        good(faulty('return {**super().get_config(), "power": self.power}', "return {}", LOSS), "a loss forgets"),
        "'power': 2.0",
    ),
]
CASES = [
    (replace(case, keras=keras, block=replace(case.block, page=f"{case.block.page}-{number}")), reason)
    for number, (case, reason) in enumerate(REFUTED, 1)
    for keras in case.block.keras
]


@pytest.mark.parametrize(("case", "reason"), CASES, ids=lambda value: str(value) if isinstance(value, Case) else "")
def test_refuted(case: Case, reason: str, judge: Judge) -> None:
    verdict = judge(case)
    assert not verdict["proved"], verdict["evidence"]
    assert reason in verdict["evidence"]


def test_every_oracle_refuses_something() -> None:
    oracles = pytest.importorskip("tests.proof.oracles").ORACLES
    refused = {oracles[case.claim.code] for case, _ in REFUTED if case.claim and case.claim.code in oracles}
    assert refused == set(oracles.values())
