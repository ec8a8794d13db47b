"""The rules of `call` in functions that a module gives to Keras: losses, metrics, activations, those of a `Lambda`."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.lint import report_of_source

MODULE = """\
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
{decorator}
def given({parameters}):
    {body}
    return {first}


def helper(x):
    return float(x)


def other(y_true, y_pred):
    return y_true.numpy()


def make(model, inputs):
    {use}
"""
LOSS = 'model.compile("sgd", loss=given)'
PAIRS = {
    "loss": LOSS,
    "losses": 'model.compile("sgd", loss={"out": given})',
    "metric": 'model.compile("sgd", "mse", metrics=["mae", given])',
}
SINGLE = {
    "activation": "x = layers.Dense(4, activation=given)(inputs)",
    "lambda": "x = layers.Lambda(given)(inputs)",
}
FAULTS = {
    # the body, the code, and whether AutoGraph makes it work in a loss
    "if": ("if tf.reduce_sum({first}) > 3.0: {first} = {first} * 2.0", "KLL101", True),
    "float": ("scale = float(tf.reduce_sum({first}))", "KLL113", True),
    "numpy": ("scale = np.sum({first})", "KLL111", False),
    "host": ("shown = tf.reduce_sum({first}).numpy()", "KLL112", False),
    "layer": ("hidden = layers.Dense(4)({first})", "KLL132", False),
    "helper": ("scale = helper(tf.reduce_sum({first}))", "KLL113", True),
}
SILENT = {
    "eager": f"{LOSS[:-1]}, run_eagerly=True)",
    "not given": 'model.compile("sgd", loss="mse")',
    "called": "given(inputs, inputs)",
    "another compile": "compile(given, loss=given)",
    "another parameter": "model.compile(optimizer=given)",
    "of an object": 'model.compile("sgd", loss=model.given)',
}


def codes(use: str, body: str, keras: str, *, is_pair: bool = True, decorator: str = "") -> list[str]:
    parameters, first = ("y_true, y_pred", "y_true") if is_pair else ("x", "x")
    source = MODULE.format(
        use=use, body=body.format(first=first), parameters=parameters, first=first, decorator=decorator
    )
    found = lint_source(source, "example.py", Settings(keras=(keras,), select=("KLL1",)))
    return [diagnostic.code for diagnostic in found]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("use", PAIRS)
@pytest.mark.parametrize("fault", FAULTS)
def test_losses_and_metrics(fault: str, use: str, keras: str) -> None:
    body, code, is_mended = FAULTS[fault]
    assert codes(PAIRS[use], body, keras) == ([] if is_mended and keras == "2" else [code])


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("use", SINGLE)
@pytest.mark.parametrize("fault", FAULTS)
def test_functions_of_layers(fault: str, use: str, keras: str) -> None:
    body, code, _ = FAULTS[fault]
    if (fault, use) != ("numpy", "lambda"):  # it may get a list of tensors
        assert codes(SINGLE[use], body, keras, is_pair=False) == [code]


@pytest.mark.parametrize("use", SILENT.values(), ids=SILENT)
def test_silent(use: str) -> None:
    assert codes(use, FAULTS["host"][0], "3") == []


def test_decorated_functions_are_others() -> None:
    assert codes(LOSS, FAULTS["host"][0], "3", decorator="@tf.py_function") == []


def test_good_functions() -> None:
    assert codes(LOSS, "y_true = tf.where(y_true > 0.5, y_true, y_pred) * np.sqrt(2.0)", "3") == []


def test_a_function_is_no_class() -> None:
    source = MODULE.format(use=LOSS, body="y_true.numpy()", parameters="y_true, y_pred", first="y_pred", decorator="")
    report = report_of_source(source, "<stdin>", Settings(keras=("3",)))
    [diagnostic] = report.diagnostics
    assert (diagnostic.class_name, diagnostic.method, report.layers) == (None, "given", 0)


LAMBDAS = {
    "loss": ('model.compile("sgd", loss=lambda y_true, y_pred: {}(y_pred) * y_true)', "y_pred"),
    "losses": ('model.compile("sgd", loss={{"a": lambda y_true, y_pred: {}(y_true)}})', "y_true"),
    "metric": ('model.compile("sgd", "mse", metrics=["mae", lambda t, p: {}(p)])', "p"),
    "activation": ("x = layers.Dense(4, activation=lambda x: {}(x))(inputs)", "x"),
    "lambda": ("x = layers.Lambda(lambda x: {}(x + 1.0))(inputs)", "x"),
    "with defaults": ("x = layers.Lambda(lambda x, k=(1, 2): {}(x * k[0]))(inputs)", "x"),
    "over lines": (
        "x = layers.Lambda(\n        lambda x,\n        k={{'a': 1}}: (\n            {}(x * 2.0)\n        )\n    )",
        "x",
    ),
}
WRITTEN = """\
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def make(model, inputs):
    {}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("case", LAMBDAS)
def test_lambdas(case: str, keras: str) -> None:
    use, _ = LAMBDAS[case]
    source = WRITTEN.format(use.format("np.exp"))
    found = lint_source(source, "example.py", Settings(keras=(keras,), select=("KLL1",)))
    [diagnostic] = found
    assert (diagnostic.code, diagnostic.method, diagnostic.class_name) == ("KLL111", "<lambda>", None)
    line = source.splitlines()[diagnostic.span.line - 1]
    assert line[diagnostic.span.column - 1 :].startswith("np.exp(")
    assert line[: diagnostic.span.end_column - 1].endswith(")")


@pytest.mark.parametrize(
    "use",
    [
        "x = inputs.map(lambda x: np.exp(x + 1.0))",
        "x = transforms.Lambda(lambda x: np.exp(x + 1.0))",
        "x = Config(activation=lambda x: np.exp(x + 1.0))",
        "np = tf\n    x = layers.Lambda(lambda x: np.exp(x + 1.0))(inputs)",
        "from jax import numpy as np\n    x = layers.Lambda(lambda x: np.exp(x + 1.0))(inputs)",
        "x = layers.Lambda(lambda np: np.exp(np + 1.0))(inputs)",
        "x = layers.Lambda(lambda x: x * np.exp(1.0))(inputs)",
        "x = [lambda x: np.exp(x + 1.0)]",
        "x = model.compile('sgd', loss=lambda t, p: np.exp(p), run_eagerly=True)",
    ],
)
def test_other_lambdas(use: str) -> None:
    assert lint_source(WRITTEN.format(use), "example.py", Settings(keras=("3",), select=("KLL1",))) == ()


def test_a_lambda_at_the_top_of_a_module_and_in_a_method() -> None:
    source = WRITTEN.format("pass") + (
        "\n\nHALF = layers.Lambda(lambda x: np.abs(x * 0.5))\n\n\nclass A(layers.Layer):\n"
        "    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n"
        "        self.half = layers.Lambda(lambda x: np.abs(x * 0.5) + self.shift(x))\n"
    )
    found = lint_source(source, "example.py", Settings(keras=("3",), select=("KLL1",)))
    assert [(item.code, item.span.line, item.span.column) for item in found] == [
        ("KLL111", 11, 32),
        ("KLL111", 17, 45),
    ]
