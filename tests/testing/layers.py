"""Layers for the tests of `check_layer`, each with one fault; `python -m tests.testing.layers 3` checks all.

They run in a process of their own: what has run TensorFlow can start no layers in forked processes any more.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

import numpy as np

from keras_layer_lint.testing import Recipe, check_layer

LEGACY = __name__ == "__main__" and sys.argv[1] == "2"
os.environ["TF_USE_LEGACY_KERAS"] = str(int(LEGACY))
if LEGACY:
    import tf_keras as keras
else:
    import keras
import tensorflow as tf  # noqa: E402  (which asks the environment for the generation)


class Gate(keras.layers.Layer):  # type: ignore[misc]
    """Sound."""

    def __init__(self, units: int, rate: float = 0.5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units, self.rate = units, rate

    def build(self, input_shape: Any) -> None:
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], self.units))
        super().build(input_shape)

    def call(self, inputs: Any) -> Any:
        return tf.matmul(inputs, tf.cast(self.kernel, inputs.dtype)) * self.rate

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units, "rate": self.rate}

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (*tuple(input_shape)[:-1], self.units)


class ForgetsRate(Gate):
    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["rate"]
        return config


class TakesOthers(Gate):
    def compute_output_shape(self, input_shape: Any) -> Any:
        return (*tuple(input_shape)[:-1], self.units + 1)


class SaysInteger(Gate):
    def compute_output_spec(self, inputs: Any) -> Any:
        return keras.KerasTensor((*inputs.shape[:-1], self.units), dtype="int32")


class Codes(keras.layers.Layer):  # type: ignore[misc]
    """Takes integers, and makes floats of one dtype."""

    def build(self, input_shape: Any) -> None:
        self.table = self.add_weight(name="table", shape=(9, 4))

    def call(self, inputs: Any) -> Any:
        return tf.cast(tf.gather(self.table, inputs), "float32")

    def compute_output_spec(self, inputs: Any) -> Any:
        return keras.KerasTensor((*inputs.shape, 4), dtype=self.compute_dtype)


class Branches(Gate):
    def call(self, inputs: Any) -> Any:
        if tf.reduce_mean(inputs).numpy() > 0.0:
            return super().call(inputs)
        return super().call(-inputs)


class Counts(Gate):
    calls = 0

    def call(self, inputs: Any) -> Any:
        self.calls += 1
        return super().call(inputs) * self.calls


class Holder:
    """Nothing that Keras looks into."""


class Hides(Gate):
    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        self.holder = Holder()
        self.holder.weight = tf.Variable(tf.ones((self.units,)))  # type: ignore[attr-defined]

    def call(self, inputs: Any) -> Any:
        return super().call(inputs) * tf.cast(self.holder.weight, inputs.dtype)  # type: ignore[attr-defined]


class RemembersBatch(Gate):
    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        self.batch = input_shape[0]

    def call(self, inputs: Any) -> Any:
        return tf.reshape(super().call(inputs), (self.batch or 2, self.units))


class LearnsNothing(Gate):
    def call(self, inputs: Any) -> Any:
        return inputs * tf.stop_gradient(tf.cast(tf.reduce_sum(self.kernel), inputs.dtype))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape


class InSingle(Gate):
    def call(self, inputs: Any) -> Any:
        return tf.cast(super().call(inputs), tf.float32)


class InSingleOnly(Gate):
    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        self.bias = self.add_weight(name="bias", shape=(self.units,), dtype="float32")

    def call(self, inputs: Any) -> Any:
        return super().call(inputs) + tf.cast(self.bias, inputs.dtype)


class RefusesMask(Gate):
    def call(self, inputs: Any, mask: Any = None) -> Any:
        if mask is not None:
            raise ValueError("no mask")
        return super().call(inputs)


class Clock(Gate):
    def call(self, inputs: Any) -> Any:
        return super().call(inputs) * (time.perf_counter_ns() % 1_000_003 + 1)


class CallsPython(Gate):
    def call(self, inputs: Any) -> Any:
        return tf.ensure_shape(tf.numpy_function(lambda x: x, [super().call(inputs)], inputs.dtype), (None, self.units))


class LastAxis(Gate):
    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        self.last = len(input_shape) - 1

    def call(self, inputs: Any) -> Any:
        return tf.reduce_sum(inputs, axis=self.last) * tf.cast(tf.reduce_sum(self.kernel), inputs.dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return tuple(input_shape)[:-1]


class Broken(Gate):
    def call(self, inputs: Any) -> Any:
        return self.nothing


class Scaled(keras.losses.Loss):  # type: ignore[misc]
    def __init__(self, by: float = 1.0, name: str = "scaled", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.by = by

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return tf.reduce_mean(tf.square(y_true - y_pred), axis=-1) * self.by


class Totals(keras.layers.Layer):  # type: ignore[misc]
    """Goes through a sequence by itself, and no other layer calls it for each step."""

    state_size = 8

    def call(self, inputs: Any, initial_state: Any = None) -> Any:
        total = tf.reduce_sum(inputs, axis=1)
        return total if initial_state is None else total + initial_state


class Signs(keras.layers.Layer):  # type: ignore[misc]
    """Rounding decides on its outputs: the sum of what is normalized is zero but for that."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.norm = keras.layers.LayerNormalization()

    def call(self, inputs: Any) -> Any:
        return inputs * tf.sign(tf.abs(tf.reduce_sum(self.norm(inputs), axis=-1, keepdims=True)))


X = np.linspace(0.1, 0.9, 16, dtype="float32").reshape(2, 8)
LONG = "float32[2,5,8]"
FAULTY: dict[str, tuple[Any, Any]] = {
    "graph": (lambda: Branches(4), X),
    "unknown_batch": (lambda: RemembersBatch(4), X),
    "shape": (lambda: TakesOthers(4), X),
    "determinism": (lambda: Clock(4), X),
    "purity": (lambda: Counts(4), X),
    "build": (lambda: Hides(4), X),
    "reload": (lambda: ForgetsRate(4, rate=0.25), X),
    "train": (lambda: LearnsNothing(4), X),
    "mask": (lambda: RefusesMask(4), LONG),
    "mixed_precision": (lambda: InSingle(4), X),
    "dtype_policy": (lambda: InSingleOnly(4), X),
    "two_ranks_of_batch": (lambda: LastAxis(4), X),
    "xla": (lambda: CallsPython(4), X),
}
"""By the check that finds its fault."""


def main() -> None:
    found: dict[str, Any] = {}

    def say(name: str, layer: Any, inputs: Any = None, **options: Any) -> None:
        report = check_layer(layer, inputs, raise_on_failure=False, **options)
        outcomes = {result.check: result.outcome for result in report.results}
        reasons = {result.check: result.reason for result in report.results}
        found[name] = {"outcomes": outcomes, "reasons": reasons, "text": str(report)}

    say("sound", lambda: Gate(4), X, expected_output_shape=(2, 4), expected_num_trainable_weights=1)
    say("masked", lambda: keras.layers.LSTM(3), LONG, checks=["mask"])
    say("cell", lambda: keras.layers.LSTMCell(3), LONG, checks=["graph", "reload"])
    say("totals", lambda: Totals(), LONG, checks=["graph", "call"])
    say("signs", lambda: Signs(), "float32[5,4,8]", checks=["graph", "xla"])
    say("spelled", lambda: keras.layers.DepthwiseConv2D(2, strides=1), "float32[2,4,4,3]", checks=["reload"])
    for name, made in (("drops", lambda: keras.layers.Dropout(0.2)), ("normalizes", keras.layers.BatchNormalization)):
        say(
            name,
            Recipe(lambda made=made: made(), inputs="float32[2,3]", call={"training": True}),
            checks=["unknown_batch", "graph", "purity"],
        )
    say("recipe", Recipe(Gate, {"units": 4}, "float32[3,8]"), checks=["graph", "two_ranks_of_batch"])
    say("expected", lambda: Gate(4), X, checks=["expected"], expected_output_shape=(2, 5), expected_num_losses=0)
    say("values", lambda: keras.layers.ReLU(), X, checks=["expected"], expected_output=X + 1.0)
    say("broken", lambda: Broken(4), X)
    say("loss", lambda: Scaled(3.0))
    say("known", *FAULTY["mask"], checks=["mask", "call"], known_failures={"mask": "to be done"})
    say("mended", lambda: Gate(4), X, checks=["graph"], known_failures={"graph": "to be done"})
    if not LEGACY:
        say("says integer", lambda: SaysInteger(4), X, checks=["shape"])
        say("codes", lambda: Codes(), "int32[2,5] < 9", checks=["shape", "mixed_precision"])
    for check, (layer, inputs) in FAULTY.items():
        say(f"faulty {check}", layer, inputs, checks=[check])
    print(json.dumps(found))


if __name__ == "__main__":
    main()
