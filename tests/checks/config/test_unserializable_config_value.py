from __future__ import annotations

import pytest

from tests.checks.cases import messages

CODE = "KLL307"
LAYER = """
import numpy as np


class Wrap(layers.Layer):
    def __init__(self, inner{annotation}=None, **kwargs):
        super().__init__(**kwargs)
{init}

    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(input_shape[-1],))
        super().build(input_shape)

    def call(self, inputs):
        {call}

    def get_config(self):
        return {{**super().get_config(), "inner": {returned}}}{mark}
"""


def wrap(init: str, returned: str, call: str = "return inputs", mark: str = "", annotation: str = "") -> str:
    body = "\n".join(f"        {line}" for line in init.splitlines())
    return LAYER.format(init=body, returned=returned, call=call, mark=mark, annotation=annotation)


DICT = "error: `Wrap.get_config()` returns {} for `inner`: it comes back from a `.keras` file as a dict, which nothing "


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("init", "returned", "what"),
    [
        ("self.inner = layers.Dense(inner)", "self.inner", "a layer"),
        ("self.inner = [layers.Dense(n) for n in inner]", "self.inner", "a list of layers"),
        ("self.inner = [layers.Dense(1)]\nself.inner.append(layers.Dense(inner))", "self.inner", "a list of layers"),
        ("self.inner = {'a': layers.Dense(inner)}", "self.inner", "a dict of layers"),
        ("self.inner = tf.constant(inner)", "self.inner", "a tensor"),
        ("self.inner = np.array(inner)", "self.inner", "a NumPy array"),
        ("self.inner = lambda x: x * inner", "self.inner", "a lambda"),
    ],
)
def test_comes_back_as_a_dict(init: str, returned: str, what: str, keras: str) -> None:
    source = wrap(init, returned, mark=f"  # {CODE}")
    assert [message.startswith(DICT.format(what)) for message in messages(CODE, source, keras)] == [True]


@pytest.mark.parametrize("keras", ["2", "3"])
def test_not_saved_at_all(keras: str) -> None:
    source = wrap("self.inner = set(inner)", "self.inner", mark=f"  # {CODE}")
    expected = "error: `Wrap.get_config()` returns a set for `inner`: saving raises TypeError"
    assert messages(CODE, source, keras) == [expected]


@pytest.mark.parametrize(("keras", "end"), [("2", "saving raises TypeError"), ("3", "which nothing turns back")])
def test_weight(keras: str, end: str) -> None:
    (message,) = messages(CODE, wrap("self.inner = inner", "self.w", mark=f"  # {CODE}"), keras)
    assert "a weight" in message
    assert message.endswith(end)


def test_annotated_layer() -> None:
    source = wrap("self.inner = inner", "self.inner", mark=f"  # {CODE}", annotation=": layers.Layer")
    assert len(messages(CODE, source, "3")) == 1


def test_called() -> None:
    source = wrap("self.inner = inner", "self.inner", "return self.inner(inputs)", f"  # {CODE}")
    (message,) = messages(CODE, source, "3")
    assert "`inner` as it came, and the layer calls it" in message


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("init", "returned", "call"),
    [
        ("self.inner = inner", "self.inner", "return inputs"),
        ("self.inner = keras.activations.get(inner)", "self.inner", "return self.inner(inputs)"),
        ("self.inner = layers.Activation(inner)", "self.inner", "return self.inner(inputs)"),
        ("self.inner = made_of(inner)", "self.inner", "return self.inner(inputs)"),
        (
            "self.inner = layers.deserialize(inner) if isinstance(inner, dict) else inner",
            "self.inner",
            "return self.inner(inputs)",
        ),
        ("self.inner = inner", "self.inner", "return inputs if isinstance(self.inner, str) else self.inner(inputs)"),
        ("self.inner = np.array(inner)", "self.inner.tolist()", "return inputs"),
        ("self.inner = np.prod(inner)", "self.inner", "return inputs"),
        ("self.inner = tf.constant(inner)", "self.inner.numpy().tolist()", "return inputs"),
        ("self.inner = tf.constant(inner)", "float(self.inner)", "return inputs"),
        ("self.inner = set(inner)", "sorted(self.inner)", "return inputs"),
        ("self.inner = set(inner)", "list(self.inner)", "return inputs"),
        ("self.inner = tuple(inner)", "self.inner", "return inputs"),
    ],
)
def test_silent(init: str, returned: str, call: str, keras: str) -> None:
    assert messages(CODE, wrap(init, returned, call), keras) == []


@pytest.mark.parametrize(
    ("body", "mark"),
    [
        ("return cls(**config)", "  # KLL307"),
        ('return cls(inner=keras.layers.deserialize(config.pop("inner")), **config)', ""),
        ("return cls(**restored(config))", ""),
    ],
)
def test_from_config(body: str, mark: str) -> None:
    source = wrap("self.inner = layers.Dense(inner)", "self.inner", mark=mark)
    source += f"\n    @classmethod\n    def from_config(cls, config):\n        {body}\n"
    assert len(messages(CODE, source, "3")) == bool(mark)


def test_argument_of_a_built_in_base() -> None:
    source = """
    class Outer(layers.Wrapper):
        def __init__(self, layer, **kwargs):
            super().__init__(layer, **kwargs)

        def get_config(self):
            return {**super().get_config(), "layer": self.layer}
    """
    assert messages(CODE, source, "3") == []


def test_key_written_in_init() -> None:
    source = """
    class Wrap(layers.Layer):
        def __init__(self, inner, **kwargs):
            super().__init__(**kwargs)
            self.inner = layers.Dense(inner)
            self._config = {
                "inner": self.inner,  # KLL307
            }

        def get_config(self):
            return {**super().get_config(), **self._config}
    """
    assert len(messages(CODE, source, "3")) == 1
