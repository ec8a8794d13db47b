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
    assert "`inner` as it came, and `Wrap` calls it" in message


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


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("init", "returned", "what"),
    [
        ("self.inner = tf.constant(inner) if inner is not None else None", "self.inner", "a tensor"),
        ("self.inner = 0.0 if inner is None else tf.constant(inner)", "self.inner", "a tensor"),
        ("self.inner = None\nif inner is not None:\n    self.inner = tf.constant(inner)", "self.inner", "a tensor"),
        ("self.inner = np.array(inner) if inner is not None else None", "self.inner", "a NumPy array"),
        (
            "if inner is None:\n    self.inner = None\nelse:\n    self.inner = np.asarray(inner)",
            "self.inner",
            "a NumPy array",
        ),
    ],
)
def test_what_one_branch_makes(init: str, returned: str, what: str, keras: str) -> None:
    source = wrap(init, returned, mark=f"  # {CODE}")
    assert [message.startswith(DICT.format(what)) for message in messages(CODE, source, keras)] == [True]


@pytest.mark.parametrize(
    ("init", "returned"),
    [
        ("self.inner = tf.constant(inner) if inner is not None else None", "None if self.inner is None else 1.0"),
        ("self.inner = tf.constant(inner) if inner else None", "self.inner.numpy().tolist() if inner else None"),
        ("self.inner = np.array(inner) if inner is not None else None", "list(self.inner or ())"),
        ("self.inner = tf.constant(inner) if inner else 0.0\nself.inner = made_of(self.inner)", "self.inner"),
        ("self.inner = tf.constant(1.0)\nself.inner = inner", "self.inner"),
        ("self.inner = made_of(inner) if inner is not None else None", "self.inner"),
        (
            "self.inner = np.array(inner) if inner else None",
            "self.inner.tolist() if isinstance(self.inner, np.ndarray) else self.inner",
        ),
        (
            "self.inner = tf.constant(inner) if inner else None",
            "float(self.inner) if tf.is_tensor(self.inner) else self.inner",
        ),
    ],
)
def test_branches_that_are_read_back(init: str, returned: str) -> None:
    assert messages(CODE, wrap(init, returned), "3") == []


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("returned", ["self.build", "self.call", "self._score", "self._score if self.inner else None"])
def test_a_method_in_place_of_a_value(returned: str, keras: str) -> None:
    source = wrap("self.inner = inner", returned, mark=f"  # {CODE}") + "\n    def _score(self, x):\n        return x\n"
    (message,) = messages(CODE, source, keras)
    assert message.startswith(DICT.format("the method").replace("error", "warning")[:48])


@pytest.mark.parametrize("returned", ["self._score(1)", "self._named"])
def test_what_a_method_returns(returned: str) -> None:
    more = "\n    def _score(self, x):\n        return x\n\n    @property\n    def _named(self):\n        return 1\n"
    assert messages(CODE, wrap("self.inner = inner", returned) + more, "3") == []


TEXT = "`Wrap.get_config()` returns `{}(...)` of {} for `inner`: no text that can be turned back"
ERROR = ", so that the reloaded layer raises ValueError or TypeError"


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("init", "returned", "expected"),
    [
        ("self.inner = keras.initializers.get(inner)", "str(self.inner)", ("str", "an object of `keras.initializers`")),
        (
            "self.inner = keras.regularizers.get(inner)",
            "repr(self.inner)",
            ("repr", "an object of `keras.regularizers`"),
        ),
        ("self.inner = keras.activations.get(inner)", "str(self.inner)", ("str", "a function")),
        ("self.inner = layers.Dense(inner)", "str(self.inner)", ("str", "a layer")),
    ],
)
def test_text_of_an_object(init: str, returned: str, expected: tuple[str, str], keras: str) -> None:
    source = wrap(init, returned, mark=f"  # {CODE}")
    assert messages(CODE, source, keras) == [f"error: {TEXT.format(*expected)}{ERROR}"]


@pytest.mark.parametrize(
    "use",
    [
        "self.dense = layers.Dense(4, kernel_initializer=inner)",
        "self.b = self.add_weight(name='b', shape=(4,), initializer=self.inner)",
        "self.made = keras.initializers.get(inner)",
    ],
)
def test_text_of_what_may_be_an_object(use: str) -> None:
    source = wrap(f"self.inner = inner\n{use}", "str(self.inner)", mark=f"  # {CODE}")
    (message,) = messages(CODE, source, "3")
    assert message == f"warning: {TEXT.format('str', 'an argument that may be an object of `keras.initializers`')}"


@pytest.mark.parametrize(
    ("init", "returned"),
    [
        ("self.inner = inner", "str(self.inner)"),
        ("self.inner = int(inner)", "str(self.inner)"),
        ("self.inner = keras.initializers.get(inner)", "keras.initializers.serialize(self.inner)"),
        ("self.inner = keras.activations.get(inner)", "self.inner.__name__"),
        ("self.inner = tf.as_dtype(inner)", "str(self.inner)"),
        ("self.inner = tf.float32", "str(self.inner)"),
    ],
)
def test_text_that_is_read_back(init: str, returned: str) -> None:
    assert messages(CODE, wrap(init, returned), "3") == []


NUMBERED = (
    "warning: `Wrap.get_config()` returns a dict with numbers as keys for `inner`: they come back from a `.keras` "
    "file as text, so that looking up a number fails, or finds nothing"
)


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("init", "returned"),
    [
        ("self.inner = {0: inner, 1: 2.0}", "self.inner"),
        ("self.inner = inner or {0: 3.0}", "self.inner"),
        ("self.inner = dict(inner or {0: 3.0})", "dict(self.inner)"),
        ("self.inner = {0: 3.0} if inner is None else inner", "self.inner"),
        ("self.inner = {i: n for i, n in enumerate(inner)}", "self.inner"),
        ("self.inner = {i: 1.0 for i in range(inner)}", "self.inner"),
        ("self.inner = {}\nself.inner[0] = inner", "self.inner"),
    ],
)
def test_numbers_as_keys(init: str, returned: str, keras: str) -> None:
    assert messages(CODE, wrap(init, returned, mark=f"  # {CODE}"), keras) == [NUMBERED]


@pytest.mark.parametrize(
    ("init", "returned"),
    [
        ("self.inner = {int(k): v for k, v in inner.items()}", "self.inner"),
        ("self.inner = {'0': inner}", "self.inner"),
        ("self.inner = {0: inner}", "list(self.inner.items())"),
        ("self.inner = {0: inner}", "{str(k): v for k, v in self.inner.items()}"),
        ("self.inner = dict(inner)", "self.inner"),
    ],
)
def test_keys_that_come_back(init: str, returned: str) -> None:
    assert messages(CODE, wrap(init, returned), "3") == []


@pytest.mark.parametrize("keras", ["2", "3"])
def test_a_schedule_that_keeps_a_tensor(keras: str) -> None:
    source = """
    class Warm(keras.optimizers.schedules.LearningRateSchedule):
        def __init__(self, width, steps=100):
            self.width = tf.cast(width, tf.float32)
            self.steps = float(steps)

        def __call__(self, step):
            return self.width

        def get_config(self):
            return {
                "width": self.width,  # KLL307
                "steps": self.steps,
            }
    """
    (message,) = messages(CODE, source, keras)
    assert "returns a tensor for `width`" in message
