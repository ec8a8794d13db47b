from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.cases import messages, write

CODE = "KLL131"
GRAPH = "the graph of `fit` may make variables only once: ValueError"
EVERY_CALL = f"every call makes a new one, and {GRAPH}"
BUILT = "a built layer takes no new weights, so the first call raises ValueError"
LOST = f"it is neither trained nor saved, and {GRAPH}"


@pytest.mark.parametrize(
    ("source", "keras_2", "keras_3"),
    [
        (
            """
            class Scale(layers.Layer):
                def call(self, inputs):
                    return inputs * self.add_weight(name="scale", shape=())  # KLL131
            """,
            f"error: `add_weight(...)` makes a variable `scale` in `call`; {EVERY_CALL}",
            f"error: `add_weight(...)` makes a variable `scale` in `call`; {BUILT}",
        ),
        (
            """
            class Scale(layers.Layer):
                def call(self, inputs):
                    return inputs * tf.Variable(1.0)  # KLL131
            """,
            f"error: `tf.Variable(...)` makes a variable in `call`; {EVERY_CALL}",
            f"error: `tf.Variable(...)` makes a variable in `call`; {LOST}",
        ),
        (
            # A setting is no guard: it says the same on every call.
            """
            class Scale(layers.Layer):
                def __init__(self, use_bias=True, **kwargs):
                    super().__init__(**kwargs)
                    self.use_bias = use_bias

                def call(self, inputs):
                    return inputs + self._bias() if self.use_bias else inputs

                def _bias(self):
                    return self.add_weight(name="bias", shape=())  # KLL131
            """,
            f"error: `add_weight(...)` makes a variable `bias` in `call`; {EVERY_CALL}",
            f"error: `add_weight(...)` makes a variable `bias` in `call`; {BUILT}",
        ),
    ],
)
def test_reported(source: str, keras_2: str, keras_3: str) -> None:
    assert messages(CODE, source, "2") == [keras_2]
    assert messages(CODE, source, "3") == [keras_3]


def test_a_helper_elsewhere_is_reported_where_it_is_called(tmp_path: Path) -> None:
    write(tmp_path, {"helpers.py": "def scale():\n    return tf.Variable(1.0)\n"})
    source = """
    from helpers import scale

    class Scale(layers.Layer):
        def call(self, inputs):
            return inputs * scale()  # KLL131
    """
    (message,) = messages(CODE, source, "3", tmp_path / "example.py")
    assert message == f"error: `scale()`, called here, has `tf.Variable(...)` makes a variable in `call`; {LOST}"


def layer(body: str, more: str = "") -> str:
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return f"""
class Scale(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.w = None
        self.cache = {{}}

    def call(self, inputs):
{lines}
        return inputs

{more}
"""


MAKE = 'self.w = self.add_weight(name="w", shape=())'


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "source",
    [
        layer(f"if self.w is None:\n    {MAKE}"),
        layer(f"if not hasattr(self, 'v'):\n    {MAKE}"),
        layer(f"if not self.built:\n    {MAKE}"),
        layer(f"if 'w' not in self.cache:\n    {MAKE}"),
        layer(f"if not self.weights:\n    {MAKE}"),
        layer(f"if self.w is not None:\n    return inputs * self.w\n{MAKE}"),
        layer(f"try:\n    inputs = inputs * self.v\nexcept AttributeError:\n    {MAKE}"),
        layer("if self.w is None:\n    self._make()", f"    def _make(self):\n        {MAKE}"),
        layer("self._make()", f"    def _make(self):\n        if self.w is None:\n            {MAKE}"),
        layer(
            "inputs = inputs * self.v",
            f"    @functools.cached_property\n    def v(self):\n        {MAKE}\n        return 1",
        ),
        layer("inputs = inputs + tf.Variable") + "\n",
        layer("inputs = inputs + keras.backend.zeros(tf.shape(inputs))"),
        layer("inputs = inputs + tf.compat.v1.get_variable('w', ())"),
    ],
)
def test_silent(source: str, keras: str) -> None:
    assert messages(CODE, source, keras) == []


@pytest.mark.parametrize(
    ("parameters", "arguments"),
    [
        ("**kwargs", "dynamic=True, **kwargs"),
        ("dynamic=True, **kwargs", "dynamic=dynamic, **kwargs"),
        ("name=None, dtype=None, dynamic=True, **kwargs", "True, name, dtype, dynamic, **kwargs"),
    ],
)
def test_a_layer_that_keras_2_runs_eagerly_is_silent_there(parameters: str, arguments: str) -> None:
    source = f"""
    class Scale(layers.Layer):
        def __init__(self, {parameters}):
            super().__init__({arguments})

        def call(self, inputs):
            return inputs * tf.Variable(1.0)
    """
    assert messages(CODE, source, "2") == []


OWN_CALL = """
class Block(layers.Layer):
    def __call__(self, x):
        return x * MADE  # KLL131


class Holder(keras.Model):
    def __init__(self):
        super().__init__()
        self.block = Block()

    def call(self, x):
        return self.block(x)
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("made", ["self.add_weight(name='w', shape=())", "tf.Variable(1.0)"])
def test_own_call_that_a_call_calls(keras: str, made: str) -> None:
    (message,) = messages("KLL131", OWN_CALL.replace("MADE", made), keras)
    assert "in `__call__`" in message
    assert message.endswith("the graph of `fit` may make variables only once: ValueError")
