from __future__ import annotations

import pytest

from tests.checks.cases import messages

CODE = "KLL142"


def message(layer: str) -> str:
    return (
        f"warning: `Net.call()` takes no `training`, so the model passes none on in `fit`: {layer} stays in inference "
        "mode, silently"
    )


def net(body: str, signature: str = "self, inputs", mark: str = "", more: str = "", base: str = "keras.Model") -> str:
    return f"""
class Gate(layers.Layer):
    def call(self, inputs, training=None):
        return inputs if training else inputs * 0.5


class Deaf(layers.Layer):
    def call(self, inputs, training=None):
        return self.scaled(inputs, training)

    def scaled(self, inputs, training):
        del training
        return inputs * 0.5


class Eager(layers.Layer):
    def call(self, inputs, training=True):
        return inputs if training else inputs * 0.5


class Net({base}):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.norm = layers.BatchNormalization()
        self.blocks = [layers.Dropout(0.5) for _ in range(2)]
        self.body = keras.Sequential([layers.Dense(4), self.norm])
        self.gate = Gate()
        self.deaf = Deaf()
        self.eager = Eager()
        self.dense = layers.Dense(4)
        self.idle = layers.Dropout(0.0)
        self.set = layers.Dropout(kwargs.get("rate", 0.0))
        self.some = [layers.Dropout(0), layers.Dropout(0.1)]

    def call({signature}):{mark}
        {body}
        return inputs

{more}
"""


@pytest.mark.parametrize(
    ("body", "layer"),
    [
        ("inputs = self.dense(self.norm(inputs))", "`self.norm`"),
        ("for block in self.blocks: inputs = block(inputs)", "`block`"),
        ("inputs = self.gate(inputs)", "`self.gate`"),
        ("inputs = self.set(inputs)", "`self.set`"),
        ("inputs = self.some[1](inputs)", "`self.some[1]`"),
        ("inputs = self.body(inputs)", "the BatchNormalization in `self.body`"),
    ],
)
def test_reported_in_keras_3_only(body: str, layer: str) -> None:
    assert messages(CODE, net(body, mark="  # KLL142"), "3") == [message(layer)]
    assert messages(CODE, net(body), "2") == []


NORM = "inputs = self.norm(inputs)"


@pytest.mark.parametrize(
    "source",
    [
        net("inputs = self.dense(inputs)"),
        net("inputs = self.deaf(inputs)"),
        net("inputs = self.eager(inputs)"),
        net("inputs = self.idle(inputs)"),
        net("inputs = self.norm(inputs, training=True)"),
        net(NORM, "self, inputs, training=None"),
        net(NORM, base="layers.Layer"),
        net(NORM, base="keras.Model, Mixin"),
        net(NORM, more="    def train_step(self, data):\n        return self(data, training=True)"),
        net("inputs = self.norm(inputs, **options)", "self, inputs, **options"),
        net(NORM)
        + "class Outer(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.net = Net()\n\n"
        "    def call(self, inputs, training=None):\n        return self.net(inputs)\n",
    ],
)
def test_silent(source: str) -> None:
    assert messages(CODE, source, "3") == []


GIVEN = """
class Wrapped(keras.Model):
    def __init__(self, backbone, head=None, **kwargs):
        super().__init__(**kwargs)
        self.backbone = {kept}

    def call(self, inputs):{mark}
        return self.backbone(inputs{more})


def normalized():
    inputs = keras.Input((4,))
    return keras.Model(inputs, layers.BatchNormalization()(inputs))


def plain():
    return keras.Sequential([layers.Dense(4)])


{code}
"""
NORMALIZED = "keras.Sequential([layers.Dense(4), layers.BatchNormalization()])"


@pytest.mark.parametrize(
    ("code", "kept", "more", "told"),
    [
        (f"net = Wrapped({NORMALIZED})", "backbone", "", True),
        (f"body = {NORMALIZED}\nnet = Wrapped(backbone=body)", "backbone", "", True),
        ("def make():\n    return Wrapped(normalized())", "backbone", "", True),
        ("body = keras.Sequential()\nbody.add(layers.Dropout(0.5))\nnet = Wrapped(body)", "backbone", "", True),
        # It is told, there is nothing to tell, or nobody knows what it is.
        (f"net = Wrapped({NORMALIZED})", "backbone", ", training=True", False),
        (f"net = Wrapped({NORMALIZED})", "freeze(backbone)", "", False),
        ("net = Wrapped(plain())", "backbone", "", False),
        (f"first, second = Wrapped({NORMALIZED}), Wrapped(load(path))", "backbone", "", False),
        (f"net = Wrapped(None, {NORMALIZED})", "backbone", "", False),
        (f"body = {NORMALIZED}\nbody = wrap(body)\nnet = Wrapped(body)", "backbone", "", False),
        (f"body = {NORMALIZED}\nbody.trainable = False\nnet = Wrapped(body)", "backbone", "", False),
        ("net = Wrapped(load(path))", "backbone", "", False),
        ("", "backbone", "", False),
    ],
)
def test_a_model_that_init_is_given(code: str, kept: str, more: str, told: bool) -> None:
    source = GIVEN.format(code=code, kept=kept, more=more, mark="  # KLL142" if told else "")
    found = messages(CODE, source, "3")
    assert len(found) == told
    assert all("in `self.backbone` stays in inference mode" in each for each in found)
