"""KLL408: A `train_step` calls the model without `training=True`."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, messages

MODEL = """\
class Subject({base}):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.drop = layers.{made}
        self.head = layers.Dense(1)

    def call(self, inputs, training=None):
        return self.head(self.drop({drop}))

    def {step}(self, data):
        x, y = data
        y_pred = {call}
        return {{"loss": y_pred}}
"""
BATCH_NORMALIZATION = "BatchNormalization()"
REPORTED = [
    {},
    {"made": BATCH_NORMALIZATION},
    {"drop": "inputs"},
    {"call": "self([x, y])  # here"},
    {"call": "self.stateless_call(self.weights, [], x)  # here"},
    {"call": "self(x, mask=y)  # here"},
    {"call": "tf.map_fn(lambda each: self(each), x)  # here"},
]
SILENT = [
    {"call": "self(x, training=True)"},
    {"call": "self(x, training=False)"},
    {"call": "self(x, True)"},
    {"call": "self(x, **y)"},
    {"call": "self.head(x)"},
    {"call": "self.stateless_call(self.weights, [], x, True)"},
    {"made": "Dense(2)"},
    {"drop": "inputs, training=True"},
    {"step": "test_step"},
    {"base": "layers.Layer"},
    {"base": "somewhere.Model"},
]


def model(
    base: str = "keras.Model",
    made: str = "Dropout(0.5)",
    drop: str = "inputs, training=training",
    step: str = "train_step",
    call: str = "self(x)  # here",
) -> str:
    return MODEL.format(base=base, made=made, drop=drop, step=step, call=call)


@pytest.mark.parametrize("parts", REPORTED, ids=str)
def test_reported(parts: dict[str, str]) -> None:
    end = "in `fit` `self.drop` stays in inference mode, silently"
    assert_told("KLL408", model(**parts), end, end)


@pytest.mark.parametrize("parts", SILENT, ids=str)
def test_silent(parts: dict[str, str]) -> None:
    assert_silent("KLL408", model(**parts))


INSIDE = """\
class Inner(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.drop = layers.Dropout(0.5)

    def call(self, inputs{takes}):
        return self.drop(inputs{told})


class Subject(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = {inner}

    def call(self, inputs):
        {call}

    def train_step(self, data):
        x, y = data
        y_pred = self(x)  # {mark}
        return {{"loss": y_pred}}
"""
IN_ONE = {"inner": "Inner()", "call": "return self.inner(inputs)"}
IN_LIST = {
    "inner": "[layers.Dense(3), layers.Dropout(0.5)]",
    "call": "for part in self.inner:\n            inputs = part(inputs)\n        return inputs",
}
IN_SEQUENTIAL = {"inner": "keras.Sequential([layers.Dropout(0.5)])", "call": "return self.inner(inputs)"}


@pytest.mark.parametrize("held", [IN_ONE, IN_LIST, IN_SEQUENTIAL], ids=str)
def test_what_its_layers_hold(held: dict[str, str]) -> None:
    end = "in `fit` its `Dropout` stays in inference mode, silently"
    assert_told("KLL408", INSIDE.format(takes="", told="", mark="here", **held), end, end)


@pytest.mark.parametrize(
    ("takes", "told"), [("", ", training=True"), (", training=True", ""), (", training=True", ", training=training")]
)
def test_what_its_layers_tell_by_themselves(takes: str, told: str) -> None:
    assert_silent("KLL408", INSIDE.format(takes=takes, told=told, mark="", **IN_ONE))


HOLDER = """\
class Subject(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = {inner}

    def call(self, inputs, training=None):
        return {call}

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = {step}
        return {{"loss": loss}}

    def other(self, x):
        return {other}
"""
SEQUENTIAL = "keras.Sequential([layers.Dense(4), layers.BatchNormalization(), layers.Dense(1)])"


def holder(
    step: str, call: str = "self.inner(inputs)", inner: str = SEQUENTIAL, other: str = "self.inner.summary()"
) -> str:
    return HOLDER.format(inner=inner, call=call, step=step, other=other)


@pytest.mark.parametrize(
    "step", ["y - self.inner(x)  # here", "tape.gradient(self.inner(x), self.inner.weights)  # here"]
)
def test_what_the_model_holds(step: str) -> None:
    end = "its `BatchNormalization` stays in inference mode, silently"
    assert_told("KLL408", holder(step), end, end)


@pytest.mark.parametrize(
    "source",
    [
        holder("y - self.inner(x, training=True)"),
        holder("y - self.inner(x, True)"),
        holder("y - self.inner(x)", call="self.inner(inputs, training=training)"),
        holder("y - self.inner(x)", other="self.inner(x, training=True)"),
        holder("y - self.inner(x)", other="tf.map_fn(self.inner, x)"),
        holder("y - self.inner(x)", inner="keras.Sequential([layers.Dense(4)])"),
        holder("y - self.inner(x)", inner="somebody_else(layers.Dropout(0.5))"),
        holder("y", other="self.inner(x)"),
        holder("self(x, training=True) - self.inner(x)"),
    ],
)
def test_what_the_model_holds_and_may_be_told(source: str) -> None:
    assert_silent("KLL408", source)


DISTILLER = """
class Distiller(keras.Model):
    def __init__(self, student, teacher, **kwargs):
        super().__init__(**kwargs)
        self.student = student
        self.teacher = teacher

    def train_step(self, data):
        x, y = data
        soft = self.teacher(x)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(soft - self.student(x{more}))){mark}
        weights = self.student.trainable_weights
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return {{"loss": loss}}

    def call(self, inputs):
        return self.student(inputs)


def net():
    return keras.Sequential([layers.Dense(4), layers.Dropout(0.5)])


distiller = Distiller(net(), teacher=net())
"""


@pytest.mark.parametrize(("more", "told"), [("", True), (", training=True", False)])
@pytest.mark.parametrize("keras", ["2", "3"])
def test_a_model_that_a_distiller_is_given(more: str, told: bool, keras: str) -> None:
    mark = "  # KLL408" if told else ""
    found = messages("KLL408", DISTILLER.format(more=more, mark=mark), keras)
    assert [each.partition("without")[0] for each in found] == ["warning: the step calls `self.student` "] * told


def test_a_model_that_is_frozen() -> None:
    frozen = "        self.student = student\n        self.student.trainable = False\n"
    source = DISTILLER.replace("        self.student = student\n", frozen)
    assert messages("KLL408", source.format(more="", mark=""), "3") == []
