"""An oracle that confirms everything confirms nothing: false claims, and why each is refused; faults no claim names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from keras_layer_lint.confirm.oracles import ORDER
from keras_layer_lint.confirm.probe import Claim, ProbeResult
from keras_layer_lint.expectation import NOTHING, Effect, Expectation, ValueKind, expects
from tests.confirm.conftest import ORACLES, claim_of, probe, ran, selected
from tests.frameworks import needs

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


SHAPED = """
import keras


class Gate(keras.layers.Layer):
    def call(self, inputs):
        return inputs * 2.0

    def compute_output_shape(self, input_shape):
        return input_shape
"""

VALUE_ERROR = expects(errors=("ValueError",))
ATTRIBUTE_ERROR = expects(errors=("AttributeError",), attribute="limit")

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

METRIC = """
import keras
import tensorflow as tf


class Gate(keras.metrics.Metric):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.total = self.add_weight(name="total", shape=(), initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total.assign_add(tf.reduce_sum(y_pred))

    def result(self):
        return tf.convert_to_tensor(self.total)

    def reset_states(self):
        self.total.assign(0.0)
"""

SCHEDULE = """
import keras
import tensorflow as tf


class Gate(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        done = tf.cast(step, tf.float32) * 0.01
        return tf.exp(-done)

    def get_config(self):
        return {}
"""

OWN_CALL = """
import keras
import tensorflow as tf


class Gate(keras.layers.Layer):
    def __call__(self, inputs):
        return self.call(inputs)

    def call(self, inputs):
        return inputs if tf.reduce_sum(inputs) > 0 else -inputs
"""

REFUSES = FINE.replace('return {**super().get_config(), "limit": self.limit}', "raise NotImplementedError")
MASKED = """
import keras
import tensorflow as tf


class Gate(keras.layers.Layer):
    def call(self, inputs, mask=None):
        if mask is not None:
            inputs *= tf.cast(mask, inputs.dtype)[..., None]
        return tf.reduce_sum(inputs, axis=1) / tf.cast(1 if mask is None else tf.size(mask), inputs.dtype)
"""

ACTIVATED = """
import keras


class Gate(keras.layers.Layer):
    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)

    def call(self, inputs):
        return self.activation(inputs)

    def get_config(self):
        return {**super().get_config(), "activation": keras.activations.serialize(self.activation)}
"""

NUMBERS = FINE.replace("        self.limit = limit", "        self.limit = float(limit)")

SEEDED = """
import keras


class Gate(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seeds = keras.random.SeedGenerator(7)

    def call(self, inputs):
        return inputs + keras.random.normal(keras.ops.shape(inputs), seed=self.seeds)
"""

WAITING = """
import keras


class Gate(keras.layers.Layer):
    def __init__(self, doubled=False, **kwargs):
        super().__init__(**kwargs)
        self.doubled = doubled

    def call(self, inputs):
        if self.doubled:
            inputs = inputs * 2.0
        return inputs + 1.0
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

SHARED = MODEL.replace("self.norm =", "self.share = 0.5\n        self.norm =")

LEARNT = """
import keras
import numpy as np


class Gate(keras.layers.Layer):
    def __init__(self, center=0.0, **kwargs):
        super().__init__(**kwargs)
        self.center = center

    def adapt(self, data):
        self.center = float(np.mean(data))

    def call(self, inputs):
        return inputs - self.center

    def get_config(self):
        return {**super().get_config(), "center": self.center}
"""


def faulty(old: str, new: str, source: str = FINE) -> str:
    assert source.count(old) == 1
    return source.replace(old, new)


MEAN = "mean = tf.reduce_mean(inputs)"
NUMPY = faulty("tf.reduce_mean(inputs)", "inputs.numpy().mean()")
RESULT = "tf.where(mean > self.limit, inputs * self.scale, tf.zeros_like(inputs))"
CALLED = """
import keras


class Gate(keras.layers.Layer):
    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.activation = activation

    def call(self, inputs):
        return self.activation(inputs)
"""
HOLDING = """
import keras


class Gate(keras.layers.Layer):
    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def call(self, inputs):
        return self.inner(self.inner(inputs))

    def get_config(self):
        return {**super().get_config(), "inner": keras.layers.serialize(self.inner)}

    @classmethod
    def from_config(cls, config):
        return cls(**{**config, "inner": keras.layers.deserialize(config["inner"])})
"""
SERIALIZED = """
import keras


class Gate(keras.layers.Layer):
    def __init__(self, initializer=keras.initializers.Ones(), **kwargs):
        super().__init__(**kwargs)
        self.initializer = initializer

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1],), initializer=self.initializer)
        super().build(input_shape)

    def call(self, inputs):
        return inputs * self.kernel

    def get_config(self):
        return {**super().get_config(), "initializer": keras.initializers.serialize(self.initializer)}
"""
NAMED = """
import keras


class Gate(keras.layers.Layer):
    def __init__(self, initializer="glorot_uniform", activation=None, **kwargs):
        super().__init__(**kwargs)
        self.initializer = keras.initializers.get(initializer)
        self.activation = activation

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], 2), initializer=self.initializer)
        super().build(input_shape)

    def call(self, inputs):
        outputs = inputs @ self.kernel
        return outputs * 2.0 if self.activation in ("relu", "elu") else outputs

    def get_config(self):
        config = {"initializer": keras.initializers.serialize(self.initializer), "activation": self.activation}
        return {**super().get_config(), **config}
"""
CONFIG = 'return {**super().get_config(), "limit": self.limit}'
REGISTERED = faulty("class Gate", '@keras.saving.register_keras_serializable("example")\nclass Gate')


@dataclass(frozen=True, slots=True)
class Refused:
    """A claim about a line that is not true, and what comes of it."""

    source: str
    code: str
    text: str
    """What stands in the line."""
    severity: str
    status: str
    evidence: str
    expects: Expectation = NOTHING
    keras: str = "23"

    @property
    def claim(self) -> Claim:
        lines = self.source.splitlines()
        line = next(number for number, text in enumerate(lines, 1) if self.text in text)
        indent = len(lines[line - 1]) - len(lines[line - 1].lstrip())
        place = (line, indent + 1, line, len(lines[line - 1]) + 1)
        return claim_of(self.code, *place, severity=self.severity, expects=self.expects)

    def __str__(self) -> str:
        return f"{self.code}-{self.severity}-{self.evidence[:30]}"


SAME = expects(Effect.SAME_NUMBERS)
WEIGHTS_LOST = expects(Effect.WEIGHTS_LOST)
SCALE = expects(attribute="scale")
NOT_TRAINED = expects(Effect.NOT_TRAINED, attribute="scale")
NOT_SAVED = expects(Effect.NOT_SAVED, attribute="scale")
OTHER = expects(Effect.OTHER_VALUE, arguments=("other",))
POWER = expects(arguments=("power",))
LIMIT = expects(arguments=("limit",))
DEFAULT = expects(errors=("ValueError",), arguments=("limit",))
NAME = expects(arguments=("name",))
ACTIVATION = expects(Effect.OTHER_VALUE, arguments=("activation",))
INITIALIZER = expects(Effect.OTHER_VALUE, arguments=("initializer",))
NO_SUCH_KEY = expects(Effect.UNKNOWN_KEY, Effect.ERROR_NAMES_ARGUMENT, arguments=("initializer",))
NO_ARRAY = expects(errors=("NotImplementedError",))
AN_ARRAY = expects(arguments=("limit",), values=ValueKind.ARRAY)
AN_OBJECT = expects(Effect.REFUSED_BY_CONFIG, arguments=("limit",), values=ValueKind.OBJECT)

REFUTED = [
    Refused(FINE, "KLL101", "mean =", "error", "refuted", "with the values of eager mode"),
    Refused(OWN_CALL, "KLL101", "return inputs if", "error", "inconclusive", "nothing traces `call`"),
    Refused(NUMPY, "KLL112", "return tf.where", "error", "inconclusive", "has no attribute 'numpy'"),
    Refused(FINE, "KLL105", "mean =", "warning", "refuted", "with the values of eager mode"),
    Refused(FINE, "KLL122", "self.limit = limit", "warning", "inconclusive", "the line was not reached"),
    Refused(FINE, "KLL115", "mean =", "warning", "refuted", "give the same values", NOTHING, "3"),
    Refused(FINE, "KLL115", "mean =", "warning", "refuted", "the same values with any seed", SAME, "3"),
    Refused(WAITING, "KLL115", "inputs * 2.0", "warning", "refuted", "give the same values", NOTHING, "3"),
    Refused(SEEDED, "KLL115", "return", "warning", "refuted", "keeps a state", SAME, "3"),
    Refused(SEEDED, "KLL115", "return", "warning", "refuted", "keeps a state", NOTHING, "3"),
    Refused(FINE, "KLL131", "mean =", "error", "refuted", "with the values of eager mode"),
    Refused(FINE, "KLL147", "super().__init__", "error", "refuted", "with the default without an error", DEFAULT, "3"),
    Refused(MODEL, "KLL142", "def call", "warning", "refuted", "1 BatchNormalization layers moved"),
    Refused(TOLD, "KLL143", "def call", "note", "refuted", "the outputs have a mask"),
    Refused(TOLD, "KLL146", "def call", "note", "refuted", "called without `training`, it is in inference mode"),
    Refused(TOLD, "KLL146", "def call", "warning", "refuted", "predict is in inference mode"),
    Refused(FINE, "KLL151", "mean =", "note", "refuted", "XLA compiles the layer and its gradient"),
    Refused(FINE, "KLL154", "mean =", "note", "refuted", "XLA compiles the layer"),
    Refused(FINE, "KLL161", "mean =", "note", "refuted", "raises nothing under mixed_float16"),
    Refused(FINE, "KLL201", "self.scale =", "note", "inconclusive", "not reached"),
    Refused(FINE, "KLL201", "self.limit =", "note", "refuted", "makes no weight when the layer"),
    Refused(FINE, "KLL202", "def build", "note", "refuted", "build was reached"),
    Refused(FINE, "KLL202", "def build", "warning", "refuted", "keeps the weights that were set", WEIGHTS_LOST),
    Refused(FINE, "KLL202", "def build", "error", "refuted", "the first call raises nothing"),
    Refused(FINE, "KLL203", "super().build", "error", "refuted", "without an error"),
    Refused(NUMPY, "KLL204", "def __init__", "error", "inconclusive", "has no attribute 'numpy'"),
    Refused(
        FINE,
        "KLL206",
        "self.scale =",
        "error",
        "refuted",
        "are trained",
        NOT_TRAINED,
    ),
    Refused(FINE, "KLL206", "self.scale =", "error", "refuted", "were saved", NOT_SAVED),
    Refused(FINE, "KLL207", "def build", "error", "refuted", "computes the same", expects(Effect.WEIGHTS_LOST)),
    Refused(REFUSES, "KLL207", "def build", "error", "inconclusive", "saving: NotImplementedError", WEIGHTS_LOST),
    Refused(MASKED, "KLL105", "if mask", "warning", "refuted", "with the values of eager mode"),
    Refused(ACTIVATED, "KLL310", "def get_config", "warning", "refuted", "was loaded as", ACTIVATION),
    Refused(NAMED, "KLL310", "def get_config", "warning", "refuted", "was loaded as", ACTIVATION),
    Refused(NAMED, "KLL310", "def get_config", "warning", "refuted", "was loaded as", INITIALIZER),
    Refused(SERIALIZED, "KLL310", "def get_config", "warning", "refuted", "was loaded as", INITIALIZER),
    Refused(SERIALIZED, "KLL303", "def get_config", "error", "refuted", "without an error", NO_SUCH_KEY),
    Refused(HOLDING, "KLL305", "def get_config", "error", "refuted", "returns the configuration"),
    Refused(CALLED, "KLL111", "return self.activation", "error", "refuted", "the values of eager mode", NO_ARRAY),
    Refused(FINE, "KLL208", "self.scale =", "error", "refuted", "without an error"),
    Refused(FINE, "KLL209", "self.scale =", "warning", "refuted", "saved without an error"),
    Refused(FINE, "KLL212", "self.limit = limit", "error", "refuted", "computes the same"),
    Refused(NUMPY, "KLL208", "inputs.numpy()", "error", "inconclusive", "has no attribute 'numpy'", VALUE_ERROR),
    Refused(FINE, "KLL214", "self.scale =", "error", "inconclusive", "AttributeError", SCALE),
    Refused(SHAPED, "KLL216", "return input_shape", "error", "refuted", "without an error", VALUE_ERROR, keras="3"),
    Refused(FINE, "KLL217", "return tf.where", "error", "refuted", "values of eager", ATTRIBUTE_ERROR),
    Refused(FINE, "KLL218", "def call", "error", "refuted", "has a `call` of its own"),
    Refused(FINE, "KLL220", "self.limit = limit", "error", "refuted", "without an error", VALUE_ERROR, keras="3"),
    Refused(FINE, "KLL219", "return tf.where", "error", "refuted", "values of eager", VALUE_ERROR),
    Refused(FINE, "KLL214", "super().build", "error", "refuted", "out of use: []", SCALE),
    Refused(FINE, "KLL301", "class Gate", "note", "refuted", "has a get_config", LIMIT),
    Refused(FINE, "KLL302", "def get_config", "error", "refuted", "without an error", LIMIT),
    Refused(FINE, "KLL302", "def get_config", "warning", "refuted", "was loaded as 0.75", LIMIT),
    Refused(FINE, "KLL304", "def get_config", "warning", "refuted", "was kept", NAME),
    Refused(FINE, "KLL306", "def __init__", "note", "refuted", "takes name", NAME),
    Refused(FINE, "KLL306", "def __init__", "note", "inconclusive", "names no argument"),
    Refused(NUMBERS, "KLL307", "def get_config", "error", "inconclusive", "is no NumPy array", AN_ARRAY),
    Refused(NUMBERS, "KLL301", "class Gate", "warning", "inconclusive", "is no object", AN_OBJECT),
    Refused(FINE, "KLL310", "def get_config", "warning", "refuted", "was loaded as 0.75", LIMIT),
    Refused(FINE, "KLL310", "def get_config", "warning", "inconclusive", "names no argument", OTHER),
    Refused(FINE, "KLL312", "def build", "error", "refuted", "computes the same", keras="3"),
    Refused(METRIC, "KLL112", "tf.reduce_sum", "error", "refuted", "traced without an error", keras="3"),
    Refused(
        METRIC, "KLL403", "def reset_states", "warning", "refuted", "same value", expects(attribute="total"), keras="3"
    ),
    Refused(SCHEDULE, "KLL402", "done =", "error", "refuted", "traced without an error"),
    Refused(MODEL, "KLL401", "return", "error", "refuted", "traced without an error", expects(errors=("KeyError",))),
    Refused(
        faulty("self.norm =", "self.norms = [1.0]\n        self.norm =", MODEL),
        "KLL404",
        "self.norms",
        "warning",
        "refuted",
        "there are 1 copies",
        expects(attribute="norms"),
    ),
    Refused(
        faulty("return self.norm(", "self.share\n        return self.norm(", SHARED),
        "KLL405",
        "return",
        "warning",
        "inconclusive",
        "does not read `other`",
        expects(attribute="other"),
    ),
    Refused(
        faulty("training=None", "training=True", MODEL),
        "KLL410",
        "def call",
        "warning",
        "refuted",
        "called without `training`, its layers train",
    ),
    Refused(
        LEARNT,
        "KLL406",
        "float(np",
        "warning",
        "refuted",
        "computes the same",
        expects(attribute="center", arguments=("adapt",)),
    ),
    Refused(REGISTERED, "KLL309", "class Gate", "note", "refuted", "loaded without custom_objects"),
    Refused(LOSS, "KLL301", "class Gate", "error", "refuted", "saved and loaded without an error"),
    Refused(
        LOSS,
        "KLL301",
        "class Gate",
        "warning",
        "refuted",
        "was loaded as {'power': 2.25",
        POWER,
    ),
    Refused(LOSS, "KLL309", "class Gate", "note", "refuted", "loaded without custom_objects"),
]


@dataclass(frozen=True, slots=True)
class Unseen:
    """A layer with a fault that no claim speaks of."""

    name: str
    source: str
    oracle: str
    evidence: str
    text: str = ""
    """What stands in the line that it is reported at."""
    keras: str = "23"
    severity: str = "error"

    def __str__(self) -> str:
        return f"{self.name}-{self.severity}"


NESTED = """
import keras


class Block(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.norm = keras.layers.BatchNormalization()

    def call(self, inputs):
        return self.norm(inputs)


class Gate(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.block = Block()
        self.head = keras.layers.Dense(2)

    def call(self, inputs):
        return self.head(self.block(inputs))
"""

SINGULAR = """
import keras
import tensorflow as tf


class Gate(keras.layers.Layer):
    def call(self, inputs):
        difference = tf.expand_dims(inputs, 1) - tf.expand_dims(inputs, 0)
        return tf.sqrt(tf.reduce_sum(tf.square(difference), axis=-1))
"""

WITH_STATE = """
    def call(self, inputs):
        self.seen = getattr(self, "seen", 0) + 1
        return inputs * float(self.seen)
"""
KEPT = """
    def call(self, inputs):
        if getattr(self, "last", None) is None:
            self.last = tf.reduce_mean(inputs)
        return inputs - self.last
"""
HIDDEN = """
    def call(self, inputs):
        if not hasattr(self, "_hidden"):
            object.__setattr__(self, "_hidden", [tf.Variable(2.0)])
        return inputs * self._hidden[0]
"""
GROWING = """
import keras
import tensorflow as tf


class Gate(keras.layers.Layer):
    def call(self, inputs):
        def write(step, rows):
            return step + 1, rows.write(step, inputs * 2.0)

        rows = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
        _, rows = tf.while_loop(lambda step, _: step < 3, write, (0, rows), maximum_iterations=3)
        return tf.reduce_sum(rows.stack(), axis=0)
"""
EMPTY = """
import keras
import tensorflow as tf


class Gate(keras.layers.Layer):
    def call(self, inputs):
        rows = tf.TensorArray(tf.float32, size=0, dynamic_size=True, element_shape=inputs.shape)
        for step in range(3):
            rows = rows.write(step, inputs * 2.0)
        return tf.stop_gradient(tf.reduce_sum(rows.stack(), axis=0)) + inputs
"""
CALL = FINE[FINE.index("    def call") : FINE.index("    def get_config")]
DETERMINANT = faulty(RESULT, "inputs * tf.linalg.det(tf.eye(8) * mean)")
FAILING = [
    Unseen("fails when traced", NUMPY, "graph", "'numpy'", "inputs.numpy()"),
    Unseen("forgets", faulty(CONFIG, "return {}"), "reload", "made with limit=0.5"),
    Unseen("no XLA", DETERMINANT, "xla", "MatrixDeterminant", "linalg", "2", "note"),
    Unseen("no XLA", DETERMINANT, "xla", "MatrixDeterminant", "linalg", "3", "warning"),
    Unseen("dies of XLA", GROWING, "xla", "compiling with XLA: the process died", "", "2", "note"),
    Unseen("dies of XLA", GROWING, "xla", "compiling with XLA: the process died", "", "3", "warning"),
    Unseen("other values with XLA", EMPTY, "xla", "other outputs when compiled", "", "2", "note"),
    Unseen("other values with XLA", EMPTY, "xla", "other outputs when compiled", "", "3", "warning"),
    Unseen(
        "differs",
        faulty(RESULT, "inputs + (0.0 if tf.executing_eagerly() else 1.0)"),
        "graph",
        "other outputs when traced",
    ),
    Unseen(
        "a loss forgets",
        faulty('return {**super().get_config(), "power": self.power}', "return {}", LOSS),
        "reload",
        "made with power=2.0",
    ),
    Unseen("a loss fails when traced", faulty("tf.abs(y_true", "abs(y_pred.numpy()", LOSS), "graph", "'numpy'"),
    Unseen(
        "no loss",
        faulty(RESULT, "inputs * tf.math.log(mean if not training else -mean)").replace(
            "(self, inputs):", "(self, inputs, training=False):"
        ),
        "train",
        "the loss is nan",
    ),
    Unseen("no gradient", faulty(RESULT, "inputs + tf.norm(self.scale - 1.0)"), "train", "not finite"),
    Unseen("frozen", FINE.replace(CALL, WITH_STATE), "purity", "tracing froze"),
    Unseen("keeps a tensor", FINE.replace(CALL, KEPT), "graph", "out of scope"),
    Unseen("hides a variable", FINE.replace(CALL, HIDDEN), "build", "neither trained nor saved"),
    Unseen("hands no training on", NESTED, "train", "inference mode in `fit`", keras="3", severity="warning"),
    Unseen("is singular at any values", SINGULAR, "train", "not finite, in 6 draws"),
    Unseen(
        "is built twice",
        faulty("        super().build(input_shape)\n", ""),
        "build",
        "replaced its weights",
        keras="2",
        severity="note",
    ),
    Unseen(
        "cannot be built by hand",
        faulty("shape=(input_shape[-1],)", "shape=(self.width,)").replace(
            "    def build",
            "    def __call__(self, inputs):\n        self.width = inputs.shape[-1]\n"
            "        return super().__call__(inputs)\n\n    def build",
        ),
        "build",
        "built by hand: AttributeError",
        "self.scale",
    ),
    Unseen(
        "loads no weights",
        faulty("    def get_config", "    def load_own_variables(self, store):\n        pass\n\n    def get_config"),
        "reload",
        "other weights: ",
    ),
]

Case = tuple[Refused | Unseen, str]
CASES = [(case, keras) for case in REFUTED for keras in case.keras]
UNSEEN = [(case, keras) for case in FAILING for keras in case.keras]


@pytest.fixture(scope="module")
def results(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Refused | Unseen, str], ProbeResult]:
    """All selected cases, run at once."""
    needs("2", "3")
    cases: list[Case] = list(selected(request, "case", "keras"))
    folder = tmp_path_factory.mktemp("refuted")
    probes = []
    for number, (case, keras) in enumerate(cases):
        path = folder / f"case_{number}.py"
        path.write_text(case.source, encoding="utf-8")
        claims = [case.claim] if isinstance(case, Refused) else []
        probes.append(probe(path, "Gate", claims, keras, everything=not claims))
    found = dict(zip([(id(case), keras) for case, keras in cases], ran(probes, 120)[0], strict=True))
    return lambda case, keras: found[id(case), keras]


@pytest.mark.parametrize(("case", "keras"), CASES, ids=str)
def test_refused(case: Refused, keras: str, results: Callable[[Refused, str], ProbeResult]) -> None:
    (verdict,) = results(case, keras).verdicts
    assert verdict.status == case.status, verdict.evidence
    assert case.evidence in verdict.evidence


def test_every_oracle_refuses_something() -> None:
    assert {ORACLES[case.code] for case in REFUTED if case.code in ORACLES} == set(ORDER)
    assert {ORACLES[case.code] for case in REFUTED if case.status == "refuted"} >= set(ORDER) - {"purity"}


@pytest.mark.parametrize(("case", "keras"), UNSEEN, ids=str)
def test_unseen(case: Unseen, keras: str, results: Callable[[Unseen, str], ProbeResult]) -> None:
    result = results(case, keras)
    assert case.evidence in " ".join(failure.evidence for failure in result.failures), result
    failures = [failure for failure in result.failures if case.evidence in failure.evidence]
    assert {(failure.oracle, failure.severity) for failure in failures} == {(case.oracle, case.severity)}
    if case.text:
        lines = case.source.splitlines()
        assert all(failure.line is not None and case.text in lines[failure.line - 1] for failure in failures)
