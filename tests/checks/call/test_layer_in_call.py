from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_source
from tests.checks.cases import messages, write

CODE = "KLL132"
GRAPH = "the graph of `fit` may make variables only once: ValueError"


def layer(*body: str) -> str:
    lines = "\n".join(f"        {line}" for line in body)
    return f"""
class Plain(layers.Layer):
    def call(self, inputs):
        return inputs * 2.0


class Weighted(layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(name="w", shape=())
        super().build(shape)


class Inner(Weighted):
    pass


class Composite(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.parts = [Weighted() for _ in range(2)]


class MaybeWeighted(layers.Layer):
    def __init__(self, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        if use_bias:
            self.dense = layers.Dense(4)


class Subject(layers.Layer):
    def __init__(self, rate=0.1, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.dense = None

    def call(self, inputs):
{lines}
        return inputs
"""


def made(name: str) -> str:
    return f"error: `{name}(...)` is made in `call`, anew each time, with new weights; {GRAPH}"


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("inputs = layers.Dense(4)(inputs)", "Dense"),
        ("self.dense = layers.Dense(4)", "Dense"),
        ("inputs = keras.Sequential([layers.LSTM(4)])(inputs)", "LSTM"),
        ("inputs = layers.Bidirectional(layers.LSTM(4))(inputs)", "LSTM"),
        ("inputs = Weighted()(inputs)", "Weighted"),
        ("inputs = Inner()(inputs)", "Inner"),
        ("inputs = Composite()(inputs)", "Composite"),
    ],
)
def test_reported(line: str, name: str, keras: str) -> None:
    assert messages(CODE, layer(f"{line}  # KLL132"), keras) == [made(name)]


def test_random_layers_hold_a_seed_in_keras_3_only() -> None:
    lines = ("inputs = layers.Dropout(0.5)(inputs)", "inputs = layers.GaussianNoise(self.rate)(inputs)")
    assert messages(CODE, layer(*lines), "2") == []
    what = "is made in `call`, anew each time"
    assert messages(CODE, layer(*(f"{line}  # KLL132" for line in lines)), "3") == [
        f"error: `Dropout(...)` {what}; it makes a variable for its seed, and {GRAPH}",
        f"warning: `GaussianNoise(...)` {what}; with a rate above 0 it makes a variable for its seed, and {GRAPH}",
    ]


def test_a_layer_of_another_module(tmp_path: Path) -> None:
    write(
        tmp_path, {"parts.py": "class Head(layers.Layer):\n    def build(self, s):\n        self.d = layers.Dense(4)\n"}
    )
    source = """
    from parts import Head

    class Subject(layers.Layer):
        def call(self, inputs):
            return Head()(inputs)  # KLL132
    """
    assert messages(CODE, source, "3", tmp_path / "example.py") == [made("Head")]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "line",
    [
        "inputs = layers.Activation('relu')(inputs)",
        "inputs = layers.Concatenate()([inputs, inputs])",
        "inputs = layers.Dropout(0.0)(inputs)",
        "inputs = layers.Dropout(rate=0)(inputs)",
        "inputs = layers.TimeDistributed(layers.Flatten())(inputs)",
        "inputs = layers.LayerNormalization(center=False, scale=False)(inputs)",
        "inputs = Plain()(inputs)",
        "inputs = MaybeWeighted()(inputs)",
        "if self.dense is None: self.dense = layers.Dense(4)",
        "self.dense = self.dense or layers.Dense(4)",
    ],
)
def test_silent(line: str, keras: str) -> None:
    assert messages(CODE, layer(line), keras) == []


BUILT = """
class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.made = False

    def build(self, shape):
        self.net = keras.Sequential([layers.Dense(4)]){mark}
        {sets}

    def call(self, inputs):
        if not self.made:
            self.build(inputs.shape)
        return self.net(inputs)
"""


@pytest.mark.parametrize(("sets", "reported"), [("self.made = True", False), ("pass", True)])
def test_a_build_that_call_runs_once(sets: str, reported: bool) -> None:
    source = BUILT.format(sets=sets, mark="  # KLL132" if reported else "")
    assert messages(CODE, source, "3") == [made("Dense")] * reported


OWN_CALL = """
class Block(layers.Layer):
    def __call__(self, x):
        return layers.Dense(3)(x)MARK


class Holder(BASE):
    def __init__(self):
        super().__init__()
        self.blocks = [Block() for _ in range(2)]
        self.block = Block()

    def METHOD(self, x):
        USE
        return x
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("use", ["x = self.block(x)", "for block in self.blocks:\n            x = block(x)"])
def test_own_call_that_a_call_calls(keras: str, use: str) -> None:
    source = OWN_CALL.replace("MARK", "  # KLL132").replace("METHOD", "call").replace("USE", use)
    told = made("Dense").replace("`call`", "`__call__`")
    assert messages(CODE, source.replace("BASE", "keras.Model"), keras) == [told]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("base", "method", "use"),
    [
        ("keras.Model", "wire", "x = self.block(x)"),
        ("object", "call", "x = self.block(x)"),
        ("keras.Model", "call", "x = self.other(x)"),
        ("keras.Model", "call", "x = x if self.block is None else x * 2"),
    ],
)
def test_own_call_that_none_calls(keras: str, base: str, method: str, use: str) -> None:
    source = OWN_CALL.replace("MARK", "").replace("METHOD", method).replace("USE", use).replace("BASE", base)
    assert messages(CODE, source, keras) == []


GUARDED = """
import keras
from keras import layers


def adjusted(layer, value):
    if layer.late is None:
        layer.late = layers.Dense(1)
    return value + layer.late(value)


class Block(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.late = None

    def call(self, inputs):
        return adjusted(self, inputs)
"""


def test_made_once_in_a_function_that_is_given_the_layer() -> None:
    assert [each.code for each in lint_source(GUARDED, settings=Settings(keras=("3",)))] == ["KLL215"]


HOLDING = """
class Subject(layers.Layer):
    def __init__(self, norm=True, **kwargs):
        super().__init__(**kwargs)
        self.norm = layers.LayerNormalization() if norm else None
        self.training = None

    def late(self):
        {late}

    def call(self, inputs, training=None):
        self.training = training
        {line}
        return inputs
"""
RUNS_EACH_TIME = [
    "if self.norm is not None: inputs = layers.Dense(4)(inputs)",
    "if self.norm is not None and training: inputs = layers.Dense(4)(inputs)",
    "if self.training: inputs = layers.Dense(4)(inputs)",
    "inputs = layers.Dense(4)(inputs) if self.norm is not None else inputs",
    "if self.norm is None: return inputs\n        inputs = layers.Dense(4)(inputs)",
]
MAY_RUN_ONCE = [
    "if self.norm is None: inputs = layers.Dense(4)(inputs)",
    "if not (self.norm is not None): inputs = layers.Dense(4)(inputs)",
    "inputs = inputs if self.norm is not None else layers.Dense(4)(inputs)",
    "if self.norm is not None: return inputs\n        inputs = layers.Dense(4)(inputs)",
]


@pytest.mark.parametrize("line", RUNS_EACH_TIME)
def test_what_runs_where_something_is_held_runs_each_time(line: str) -> None:
    assert messages(CODE, HOLDING.format(late="pass", line=f"{line}  # KLL132"), "2") == [made("Dense")]


@pytest.mark.parametrize(
    ("late", "line"),
    [("pass", line) for line in MAY_RUN_ONCE]
    + [("self.norm = None", line) for line in RUNS_EACH_TIME if "norm" in line],
)
def test_what_may_run_once(late: str, line: str) -> None:
    assert messages(CODE, HOLDING.format(late=late, line=line), "2") == []
