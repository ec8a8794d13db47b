"""Sound layers of the kinds that ran into a fault of klint's own once: everything is run, and nothing is reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from keras_layer_lint.confirm.probe import ProbeResult, Recipe
from tests.confirm.conftest import probe, ran
from tests.frameworks import needs

SOUND = {
    "networks_that_the_first_call_builds": """\
class Subject(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.block = keras.Sequential([keras.layers.Dense(4), keras.layers.ReLU()])

    def call(self, inputs):
        return self.block(inputs)
""",
    "a_trace_that_takes_long": """\
import time


class Subject(keras.layers.Layer):
    def call(self, inputs):
        if not hasattr(inputs, "numpy") and not hasattr(time, "has_passed"):  # in this process, once
            end = time.process_time() + 4
            while time.process_time() < end:
                pass
            time.has_passed = True
        return inputs
""",
    "a_sign_of_what_rounding_leaves": """\
import tensorflow as tf


class Subject(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.norm = keras.layers.LayerNormalization()

    def call(self, inputs):
        total = tf.reduce_sum(self.norm(inputs), axis=-1, keepdims=True)  # zero but for rounding
        return inputs * tf.sign(tf.abs(total))
""",
    "a_default_that_is_a_number_of_numpy": """\
import numpy as np


class Subject(keras.layers.Layer):
    def __init__(self, gain=np.sqrt(2.0), **kwargs):
        super().__init__(**kwargs)
        self.gain = gain

    def call(self, inputs):
        return inputs * self.gain

    def get_config(self):
        return {**super().get_config(), "gain": float(self.gain)}
""",
    "a_loss_beside_the_outputs_where_there_are_targets": """\
class Subject(keras.layers.Layer):
    def call(self, inputs, targets=None):
        return inputs * 2.0, None if targets is None else (inputs - targets) ** 2
""",
    "a_list_of_maps_that_is_annotated": """\
from typing import List

import tensorflow as tf


class Subject(keras.layers.Layer):
    def call(self, maps: List[tf.Tensor]):
        _, _, *rest = maps
        low, middle, high = rest  # a tensor could be unpacked so, too, but not in a graph
        return low + middle + high
""",
    "a_named_tuple_that_is_annotated": """\
from typing import NamedTuple

import tensorflow as tf


class Pair(NamedTuple):
    nodes: tf.Tensor
    weights: tf.Tensor


class Subject(keras.layers.Layer):
    def call(self, inputs: Pair):  # a saved functional model would call it on a list
        return inputs.nodes * inputs.weights
""",
    "a_flag_of_the_call": """\
class Subject(keras.layers.Layer):
    def call(self, inputs, negative=False):
        return -inputs if negative else inputs
""",
    "an_argument_spelled_out_in_the_configuration": """\
class Subject(keras.layers.Layer):
    def __init__(self, size=1, **kwargs):
        super().__init__(**kwargs)
        self.size = [size, size] if isinstance(size, int) else size

    def call(self, inputs):
        return inputs * self.size[0] * self.size[1]

    def get_config(self):
        return {**super().get_config(), "size": self.size}
""",
    "a_base_that_lacks_what_its_subclasses_have": """\
class Subject(keras.layers.Layer):
    def call(self, inputs, training=False):
        return inputs * self.factor_of(inputs) if training else inputs


class Half(Subject):
    def factor_of(self, inputs):
        return 0.5
""",
    "a_package_that_is_not_installed": """\
try:
    import no_such_package
except ImportError:
    no_such_package = None


class Subject(keras.layers.Layer):
    def call(self, inputs, training=False):
        return no_such_package.trimmed(inputs) if training else inputs
""",
    "a_package_that_is_imported_when_called": """\
class Subject(keras.layers.Layer):
    def call(self, inputs, training=False):
        if training:
            import no_such_package

            return no_such_package.trimmed(inputs)
        return inputs
""",
    "statistics_that_are_not_to_move": """\
class Subject(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.frozen = keras.layers.BatchNormalization()
        self.norm = keras.layers.BatchNormalization()
        self.head = keras.layers.Dense(2)

    def call(self, inputs, training=None):
        inputs = self.frozen(inputs, training=False)
        return self.head(self.norm(inputs, training=training))
""",
    "a_root_of_zero_for_some_inputs": """\
import tensorflow as tf


class Subject(keras.layers.Layer):
    def build(self, input_shape):
        self.center = self.add_weight(shape=(input_shape[-1],), name="center", initializer="zeros")
        super().build(input_shape)

    def call(self, inputs):
        return tf.norm(tf.nn.relu(inputs - 1.0) - self.center, axis=-1)
""",
    "a_cell_of_a_recurrent_layer": """\
import tensorflow as tf


class Subject(keras.layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units
        self.output_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
        self.recurrent = self.add_weight(shape=(self.units, self.units), name="recurrent", initializer="orthogonal")
        super().build(input_shape)

    def call(self, inputs, states):
        state = tf.tanh(inputs @ self.kernel + states[0] @ self.recurrent)
        return state, [state]

    def get_config(self):
        return {**super().get_config(), "units": self.units}
""",
    "a_cell_of_two_states": """\
class Subject(keras.layers.LSTMCell):
    def __init__(self, units=4, **kwargs):
        super().__init__(units, **kwargs)
        self.norm = keras.layers.LayerNormalization()

    def build(self, input_shape):
        super().build(input_shape)
        self.norm.build((None, self.units))

    def call(self, inputs, states, training=None):
        outputs, states = super().call(inputs, states, training=training)
        return self.norm(outputs), states
""",
}
WITHOUT_GRADIENT = {
    "an_operation_without_a_gradient": """\
import tensorflow as tf


class Subject(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = {sublayer}

    def call(self, images):
        return tf.image.adjust_contrast(self.dense(images), 0.2)
""",
    "a_loop_without_a_bound": """\
import tensorflow as tf


class Subject(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = {sublayer}

    def call(self, inputs):
        loop = getattr(tf, "while_loop")
        rounds = (0, self.dense(inputs))
        return loop(lambda step, _: step < 3, lambda step, value: (step + 1, value * tf.sigmoid(value)), rounds)[1]
""",
}
"""What can be called in every way, and of which only the gradient fails: that matters where something is trained."""
SOUND |= {name: text.format(sublayer="keras.layers.ReLU()") for name, text in WITHOUT_GRADIENT.items()}
TRAINED = {f"trained_{name}": text.format(sublayer="keras.layers.Dense(3)") for name, text in WITHOUT_GRADIENT.items()}
RECIPES = {"a_flag_of_the_call": Recipe(inputs="float32[5,8]", call="negative=True")}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], ProbeResult]:
    needs("2", "3")
    folder = tmp_path_factory.mktemp("sound")
    sources = SOUND | TRAINED
    keys = [(name, keras) for name in sources for keras in ("2", "3")]
    probes = []
    for name, keras in keys:
        path = folder / f"{name}.py"
        path.write_text(f"import keras\n\n\n{sources[name]}", encoding="utf-8")
        probes.append(replace(probe(path, "Subject", keras=keras, everything=True), recipe=RECIPES.get(name)))
    found = dict(zip(keys, ran(probes, 60)[0], strict=True))
    return lambda name, keras: found[name, keras]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("name", SOUND)
def test_nothing_to_report(name: str, keras: str, results: Callable[[str, str], ProbeResult]) -> None:
    result = results(name, keras)
    assert (result.reason, result.failures) == ("", ())


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("name", TRAINED)
def test_a_gradient_that_is_wanted_is_reported(
    name: str, keras: str, results: Callable[[str, str], ProbeResult]
) -> None:
    result = results(name, keras)
    assert result.reason == ""
    assert len(result.failures) == 1
