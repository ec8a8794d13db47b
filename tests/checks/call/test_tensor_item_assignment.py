from __future__ import annotations

import pytest

from keras_layer_lint import Settings, lint_source
from tests.checks.cases import HEADER, messages

CODE = "KLL124"


def layer(body: str) -> str:
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return f"""
class Subject(layers.Layer):
    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(4,))
        self.sizes = [1, 2]
        super().build(input_shape)

    def call(self, inputs, states):
        y = tf.exp(inputs)
{lines}
        return y
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("y[0] = 1.0", "y[0] = ..."),
        ("y[:, 0] = inputs[:, 1]", "y[:, 0] = ..."),
        ("y[0] += 1.0", "y[0] += ..."),
        ("y[..., -1] *= 2.0", "y[..., -1] *= ..."),
        ("del y[0]", "del y[0]"),
        ("self.w[0] = 1.0", "self.w[0] = ..."),
        ("inputs[:, 0] = 0.0", "inputs[:, 0] = ..."),
        ("inputs[..., 0] = 0.0", "inputs[..., 0] = ..."),
    ],
)
def test_reported(line: str, form: str, keras: str) -> None:
    (message,) = messages(CODE, layer(f"{line}  # KLL124"), keras)
    assert message.startswith(f"error: `{form}` on a tensor: ")
    assert message.endswith("; tensors are immutable: TypeError, also when run eagerly")


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "body",
    [
        "y += 1.0",
        "parts = tf.unstack(y, axis=1)\nparts[0] = y[:, 0]\ndel parts[1]",
        "parts = {'y': y}\nparts['y'] = y * 2.0\nparts['y'] += 1.0\ndel parts['y']",
        "parts = [y, y]\nparts[0] += 1.0",
        "states[0] = y",
        "self.sizes[0] = 3",
        "self.w[0].assign(1.0)",
        "shape = y.shape.as_list()\nshape[0] = -1",
        "if isinstance(states, dict):\n    states['y'] = y",
    ],
)
def test_silent(body: str, keras: str) -> None:
    assert messages(CODE, layer(body), keras) == []


LAMBDA = """
class Subject(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.made = layers.Lambda({function})

    def call(self, inputs):
        made = self.made([inputs, inputs])
        made[0] = 0.0{end}
        return made
"""


@pytest.mark.parametrize("keras", ["2", "3"])
def test_result_of_lambda(keras: str) -> None:
    """A `Lambda` gives what its function gives: one tensor here."""
    source = LAMBDA.format(function="lambda parts: tf.tensordot(parts[0], parts[1], axes=1)", end="  # KLL124")
    (message,) = messages(CODE, source, keras)
    assert "the layer call `self.made(...)` returns one" in message
    assert messages(CODE, LAMBDA.format(function="lambda parts: [parts[0], parts[1]]", end=""), keras) == []
    assert messages(CODE, LAMBDA.format(function="lambda parts: parts", end=""), keras) == []
    assert messages(CODE, LAMBDA.format(function="given", end=""), keras) == []


NEST = """
class Inner(layers.Layer):
    def call(self, inputs):
        for rate in (1.0, 2.0):
            inputs = somebody_else(inputs, rate)
        return inputs


class Subject(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = Inner()

    def call(self, inputs):
        made = self.inner(inputs)
        {line}
        return made
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("line", "is_told"),
    [("made[:, 0] = 0.0", True), ("made[..., 0] += 1.0", True), ("made[0] = 0.0", False), ("made[0, 1] = 0.0", False)],
)
def test_what_may_be_a_structure_of_tensors(line: str, is_told: bool, keras: str) -> None:
    """An index of several axes fits no list and no dict."""
    assert len(messages(CODE, NEST.format(line=f"{line}  # KLL124" if is_told else line), keras)) == is_told


def test_tensors_of_pytorch_can_be_changed() -> None:
    text = (HEADER + layer("y = keras.ops.exp(inputs)\ny[0] = 1.0")).replace("import tensorflow as tf\n", "")
    text = text.replace("y = tf.exp(inputs)\n", "y = keras.ops.abs(inputs)\n")
    for backend, told in (("tensorflow", 1), ("torch", 0)):
        assert len(lint_source(text, "a.py", Settings(keras=("3",), backend=backend, select=("KLL124",)))) == told


INPUT = """
def cut(values):
    values[0] = 0.0{in_function}
    return values


class Subject(layers.Layer):
    def call(self, inputs{annotation}):
        {body}
        return inputs
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("body", "annotation", "is_told"),
    [
        ("inputs[0] = 0.0", "", True),
        ("inputs[-1] = -1", "", True),
        ("kept = inputs; kept[0] = 0.0", "", True),
        ("inputs[0] = 0.0", ": tf.Tensor", True),
        ("inputs[1:] = 0.0", "", True),
        ("inputs[inputs < 0.0] = 0.0", "", True),
        ("inputs[tf.less(inputs, 0.0)] = inputs", "", True),
        # a list may take these
        ("inputs[0] = tf.zeros((2, 2))", "", False),
        ("inputs[0] += 1.0", "", False),
        ("inputs[0] = None", "", False),
        ("inputs[0] = True", "", False),
        ("inputs[1:] = [1.0, 2.0]", "", False),
        ("inputs['rate'] = 0.0", "", False),
        # the code takes it for a list
        ("x, rate = inputs; inputs[1] = 0.0", "", False),
        ("inputs[1] = 0.0; x = tf.exp(inputs[0])", "", False),
        ("inputs[0] = 0.0; inputs = [x for x in inputs]", "", False),
        ("inputs[len(inputs) - 1] = 0.0", "", False),
        ("kept = inputs; kept[1] = 0.0; x, rate = kept", "", False),
        ("inputs[0] = 0.0; inputs = inputs if isinstance(inputs, list) else [inputs]", "", False),
        ("x = inputs[0]; inputs[1] = tf.zeros_like(x)", ": tf.Tensor", False),
        ("i = 1; inputs[i] = tf.concat([inputs[i], inputs[i]], 1)", ": tf.Tensor", False),
        ("i = 1; x = inputs[i][:, 1]; inputs[i] = x", ": tf.Tensor", False),
        ("i = 1; inputs[i] = tf.exp(inputs)", ": tf.Tensor", True),
        ("i = 1; x = inputs[i]; inputs[i] = 0.0", ": tf.Tensor", True),
        ("i = 1; x = inputs[i] + inputs.shape[1]; inputs[i] = x", ": tf.Tensor", True),
    ],
)
def test_number_in_an_input(body: str, annotation: str, is_told: bool, keras: str) -> None:
    """A list of tensors holds no number: where nothing takes the input for one, an item of a tensor is meant."""
    mark = "  # KLL124" if is_told else ""
    source = INPUT.format(body=body + mark, annotation=annotation, in_function="")
    assert len(messages(CODE, source, keras)) == is_told


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("body", "is_told"), [("inputs = cut(inputs)", True), ("x, rate = inputs; inputs = cut(inputs)", False)]
)
def test_number_in_an_input_of_a_function(body: str, is_told: bool, keras: str) -> None:
    source = INPUT.format(body=body, annotation="", in_function="  # KLL124" if is_told else "")
    assert len(messages(CODE, source, keras)) == is_told


OF_BASE = """
class Subject(layers.{base}):
    def call(self, inputs, *rest):
        made = super().call({given}, *rest)
        made[0] = 0.0{end}
        return made
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("base", "given", "is_told"),
    [
        ("Dense", "inputs", True),
        ("Add", "[inputs, inputs]", True),
        ("LSTM", "inputs", False),
        ("TimeDistributed", "inputs", False),
        ("Dropout", "[inputs, inputs]", False),
        ("Layer", "inputs", False),
    ],
)
def test_what_the_call_of_a_base_returns(base: str, given: str, is_told: bool, keras: str) -> None:
    """Of some layers an argument decides how many tensors they return."""
    source = OF_BASE.format(base=base, given=given, end="  # KLL124" if is_told else "")
    assert len(messages(CODE, source, keras)) == is_told


REGISTERED = """
@keras.saving.register_keras_serializable(package="own")
def cut(values):
    return tf.nn.relu(values)


class Subject(layers.Layer):
    def call(self, inputs):
        made = cut(inputs)
        made[0] = 0.0  # KLL124
        return made
"""


@pytest.mark.parametrize("keras", ["2", "3"])
def test_what_a_registered_function_returns(keras: str) -> None:
    """It is registered under a name, and stays the function that it is."""
    assert messages(CODE, REGISTERED, keras)


WRAPPED = """
class Subject(layers.Wrapper):
    def call(self, inputs):
        made = self.layer(inputs)
        {line}
        return made
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(("line", "is_told"), [("made[:, 0] = 0.0", True), ("made[0] = 0.0", False)])
def test_what_a_wrapped_layer_returns(line: str, is_told: bool, keras: str) -> None:
    """It may be a layer that returns several tensors."""
    assert len(messages(CODE, WRAPPED.format(line=line + "  # KLL124" * is_told), keras)) == is_told
