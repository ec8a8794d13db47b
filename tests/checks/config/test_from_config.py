from __future__ import annotations

import pytest

from tests.checks.cases import messages

CODE = "KLL308"
LAYER = """
class Wrap(layers.Layer):
    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = {kept}

    def call(self, inputs):
        return self.{used}

    def get_config(self):
        return {{**super().get_config(), "inner": {returned}}}{mark}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "returned",
    [
        "layers.serialize(self.inner)",
        "keras.saving.serialize_keras_object(self.inner)",
        "tf.keras.utils.serialize_keras_object(self.inner)",
        "self.inner.get_config()",
        "layers.serialize(self.inner) if self.inner is not None else None",
    ],
)
def test_never_deserialized(returned: str, keras: str) -> None:
    source = LAYER.format(kept="inner", used="inner(inputs)", returned=returned, mark=f"  # {CODE}")
    (message,) = messages(CODE, source, keras)
    called = returned.partition("(")[0]
    assert message.startswith(f"error: `Wrap.get_config()` returns `{called}(")
    assert message.endswith("for `inner`, and nothing deserializes it: loading gives the layer a dict in its place")


ALL = """
class Chain(layers.Layer):
    def __init__(self, inners, **kwargs):
        super().__init__(**kwargs)
        self.inners = {kept}

    def call(self, inputs):
        for inner in self.inners:
            inputs = {used}
        return inputs

    def get_config(self):
        return {{**super().get_config(), "inners": [{returned} for each in self.inners]}}{mark}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("kept", ["inners", "list(inners)", "tuple(inners)"])
@pytest.mark.parametrize("returned", ["each.get_config()", "keras.saving.serialize_keras_object(each)"])
def test_a_list_of_objects(returned: str, kept: str, keras: str) -> None:
    source = ALL.format(kept=kept, used="inner(inputs)", returned=returned, mark=f"  # {CODE}")
    (message,) = messages(CODE, source, keras)
    assert message.endswith("nothing deserializes them: loading gives the layer dicts in their place")


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("kept", "used", "returned"),
    [
        ("[keras.layers.deserialize(inner) for inner in inners]", "inner(inputs)", "each.get_config()"),
        ("made_of(inners)", "inner(inputs)", "each.get_config()"),
        ("inners", "made_of(inner)(inputs)", "each.get_config()"),
        ("inners", "inner(inputs) if callable(inner) else inputs", "each.get_config()"),
        ("inners", "inner(inputs)", "each"),
    ],
)
def test_a_list_of_which_nobody_knows(kept: str, used: str, returned: str, keras: str) -> None:
    assert messages(CODE, ALL.format(kept=kept, used=used, returned=returned, mark=""), keras) == []


OBJECT = """
class Wrap(keras.{base}):
    def __init__(self, inner):
        {init}
        self.inner = inner

    def {method}:
        return self.inner({given})

    def get_config(self):
        return {{{merged}"inner": self.inner.get_config()}}{mark}
"""
OBJECTS = {
    "constraints.Constraint": "__call__(self, w)",
    "regularizers.Regularizer": "__call__(self, w)",
    "initializers.Initializer": "__call__(self, shape, dtype=None)",
    "optimizers.schedules.LearningRateSchedule": "__call__(self, step)",
    "losses.Loss": "call(self, y_true, y_pred)",
}


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("base", OBJECTS)
def test_what_is_no_layer(base: str, keras: str) -> None:
    method = OBJECTS[base]
    given = method.partition("self, ")[2].partition(")")[0].replace("dtype=None", "dtype")
    merged = "**super().get_config(), " if base == "losses.Loss" else ""
    parts = {"init": "super().__init__()", "merged": merged, "mark": f"  # {CODE}"}
    (message,) = messages(CODE, OBJECT.format(base=base, method=method, given=given, **parts), keras)
    assert message.endswith("for `inner`, and nothing deserializes it: loading gives the object a dict in its place")


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("kept", "used", "returned"),
    [
        ("keras.activations.get(inner)", "inner(inputs)", "keras.activations.serialize(self.inner)"),
        ("keras.layers.deserialize(inner)", "inner(inputs)", "keras.layers.serialize(self.inner)"),
        ("made_of(inner)", "inner(inputs)", "keras.layers.serialize(self.inner)"),
        ("made_of(inner)", "inner(inputs)", "self.inner.get_config()"),
        ("inner", "other(inputs)", "keras.initializers.serialize(self.inner)"),
        ("inner", "add_weight(initializer=self.inner)", "keras.initializers.serialize(self.inner)"),
        ("inner", "inner(inputs) if callable(self.inner) else 1", "keras.activations.serialize(self.inner)"),
    ],
)
def test_silent(kept: str, used: str, returned: str, keras: str) -> None:
    assert messages(CODE, LAYER.format(kept=kept, used=used, returned=returned, mark=""), keras) == []


@pytest.mark.parametrize(
    ("parameter", "is_told"),
    [
        ("inner: float", False),
        ("inner: float | None = None", False),
        ("inner: str", False),
        ("inner=0.5", False),
        ("inner=False", False),
        # What is no number or text, or may be something else, too.
        ("inner: layers.Layer", True),
        ("inner: layers.Layer | str", True),
        ("inner=None", True),
        ('inner="mse"', True),
    ],
)
def test_numbers_and_texts_are_serialized_as_they_are(parameter: str, is_told: bool) -> None:
    saved = "keras.saving.serialize_keras_object(self.inner)"
    source = LAYER.format(kept="inner", used="units", returned=saved, mark=f"  # {CODE}" if is_told else "")
    assert len(messages(CODE, source.replace("self, inner,", f"self, {parameter},"), "3")) == is_told


FROM_CONFIG = """
class Offset(layers.Layer):
    {before}
    def from_config({parameters}):{mark}
        return Offset(**config)
    {after}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("parameters", ["cls, config", "self, config", "config"])
def test_no_class_method(parameters: str, keras: str) -> None:
    source = FROM_CONFIG.format(before="", after="", parameters=parameters, mark=f"  # {CODE}")
    (message,) = messages(CODE, source, keras)
    assert message.startswith("error: `Offset.from_config()` is no class method")


@pytest.mark.parametrize(
    ("before", "after", "parameters"),
    [
        ("@classmethod", "", "cls, config"),
        ("@staticmethod", "", "config"),
        ("@shared.class_method", "", "cls, config"),
        ("", "from_config = classmethod(from_config)", "cls, config"),
    ],
)
def test_class_method(before: str, after: str, parameters: str) -> None:
    source = FROM_CONFIG.format(before=before, after=after, parameters=parameters, mark="")
    assert messages(CODE, source, "3") == []


TABLE = """
class Table(layers.Layer):
    def __init__(self, rows, start="uniform", **kwargs):
        super().__init__(**kwargs)
        self.rows = rows
        self.start = start
        {init}

    def build(self, input_shape):
        {build}

    def call(self, x):
        return x

    def get_config(self):
        saved = keras.saving.serialize_keras_object(self.start)
        return {{**super().get_config(), "rows": self.rows, "start": saved}}{mark}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("init", "build"),
    [
        ("pass", 'self.w = self.add_weight(name="w", shape=(4,), initializer=self.start)'),
        ("pass", "self.d = layers.Dense(4, kernel_initializer=self.start)"),
        ("self.d = layers.Dense(4, bias_regularizer=start)", "pass"),
        ("self.d = layers.Dense(4, activation=self.start)", "pass"),
        ("self.made = keras.initializers.get(start)", "pass"),
        ("self.made = keras.saving.deserialize_keras_object(start)", "pass"),
    ],
)
def test_what_reads_a_config_back_takes_the_dict(init: str, build: str, keras: str) -> None:
    assert messages(CODE, TABLE.format(init=init, build=build, mark=""), keras) == []


@pytest.mark.parametrize(
    ("init", "build"),
    [
        ("pass", "pass"),
        ("pass", "self.w = self.start((4,))"),
        ("self.made = wrap(start)", "pass"),
        ("pass", 'self.w = self.add_weight(name="w", shape=(4,), initializer="zeros")'),
    ],
)
def test_what_reads_no_config_back_gets_a_dict(init: str, build: str) -> None:
    (message,) = messages(CODE, TABLE.format(init=init, build=build, mark=f"  # {CODE}"), "3")
    assert "nothing deserializes it" in message
