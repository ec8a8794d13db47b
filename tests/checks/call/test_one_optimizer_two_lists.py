"""KLL401: one optimizer that gets the variables of one layer, and then those of another."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, lint_source
from tests.checks.cases import assert_silent, assert_told

MODEL = """
class Gan(keras.Model):
    def __init__(self, generator, critic, width=4, **kwargs):
        super().__init__(**kwargs)
        self.one = layers.Dense(width)
        self.two = layers.Dense(width)
        self.generator = generator
        self.critic = critic
        self.both = keras.Sequential([self.one, self.two])
        self.part = generator.get_layer("part")
        self.opt = keras.optimizers.Adam()
{init}

    def train_step(self, data{more}):
{body}
        return {{}}
"""
ONE = "self.optimizer.apply_gradients(zip(g, self.one.trainable_variables))\n"


def model(body: str, init: str = "pass", more: str = "") -> str:
    return MODEL.format(init=textwrap.indent(init, " " * 8), body=textwrap.indent(body, " " * 8), more=more)


REPORTED = [
    f"{ONE}self.optimizer.apply_gradients(zip(g, self.two.trainable_variables))  # here",
    f"{ONE}self.optimizer.apply_gradients(zip(g, self.two.trainable_weights))  # here",
    f"{ONE}v = self.two.trainable_variables\nself.optimizer.apply_gradients(zip(g, v))  # here",
    f"{ONE}pairs = zip(g, self.two.trainable_variables)\nself.optimizer.apply_gradients(pairs)  # here",
    f"{ONE}self.optimizer.apply(g, self.two.trainable_variables)  # here",
    f"with tape:\n    {ONE}self.optimizer.minimize(g, self.two.trainable_variables)  # here",
    f"for _ in range(3):\n    {ONE}self.optimizer.apply_gradients(zip(g, self.two.trainable_variables))  # here",
    f"{ONE}v = self.one.trainable_variables + self.two.trainable_variables\n"
    "self.optimizer.apply_gradients(zip(g, v))  # here",
    "self.opt.apply_gradients(zip(g, self.generator.trainable_variables))\n"
    "self.opt.apply_gradients(zip(g, self.critic.trainable_variables))  # here",
    "for part in (self.one, self.two):\n    self.optimizer.apply_gradients(zip(g, part.trainable_variables))  # here",
    "for part in [self.one, self.two]:\n    v = part.trainable_weights\n"
    "    self.optimizer.apply_gradients(zip(g, v))  # here",
]

SILENT = [
    ONE,
    ONE + ONE,
    f"{ONE}self.opt.apply_gradients(zip(g, self.two.trainable_variables))",
    f"{ONE}self.optimizer.apply_gradients(zip(g, self.trainable_variables))",
    f"self.optimizer.apply_gradients(zip(g, self.trainable_variables))\n{ONE}",
    f"if data:\n    {ONE}else:\n    self.optimizer.apply_gradients(zip(g, self.two.trainable_variables))",
    f"{ONE}self.optimizer.apply_gradients(zip(g, self.both.trainable_variables))",
    "self.opt.apply_gradients(zip(g, self.generator.trainable_variables))\n"
    "self.opt.apply_gradients(zip(g, self.part.trainable_variables))",
    f"{ONE}self.optimizer.apply_gradients(zip(g, self.one.inner.trainable_variables))",
    f"{ONE}self.optimizer.apply_gradients(zip(g, unknown))",
    "for part in (self.one, self.one):\n    self.optimizer.apply_gradients(zip(g, part.trainable_variables))",
    "for part in (self.one, unknown):\n    self.optimizer.apply_gradients(zip(g, part.trainable_variables))",
    "for part in self.parts:\n    self.optimizer.apply_gradients(zip(g, part.trainable_variables))",
    "for part in (self.one, self.two):\n    part = self.one\n"
    "    self.optimizer.apply_gradients(zip(g, part.trainable_variables))",
    "for part, opt in ((self.one, self.opt), (self.two, self.optimizer)):\n"
    "    opt.apply_gradients(zip(g, part.trainable_variables))",
    f"{ONE}self.optimizer.apply_gradients(unknown)",
    f"self.optimizer.apply_gradients(unknown)\n{ONE}self.optimizer.apply_gradients(zip(g, self.two.trainable_weights))",
]


@pytest.mark.parametrize("body", REPORTED)
def test_reported(body: str) -> None:
    assert_told("KLL401", model(body), "this call raises KeyError (from Keras 2.11 on)", "this call raises ValueError")


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL401", model(body))


@pytest.mark.parametrize(
    "init",
    [
        "self.optimizer.build(self.trainable_variables)",
        "self.optimizer = keras.optimizers.legacy.Adam()",
        "self.two = self.one",
    ],
)
def test_built_otherwise(init: str) -> None:
    assert_silent("KLL401", model(REPORTED[0].replace("  # here", ""), init))


SHARED = """
class Blocks(keras.Model):
    def __init__(self, {given}, **kwargs):
        super().__init__(**kwargs)
        self.one = Block({given_on})
        self.two = Block({given_on})

    def train_step(self, data):
        self.optimizer.apply_gradients(zip(g, self.one.trainable_variables))
        self.optimizer.apply_gradients(zip(g, self.two.trainable_variables)){mark}
        return {{}}
"""


@pytest.mark.parametrize(
    ("given", "given_on", "is_told"),
    [
        ("bias=False, rate=0.5", "bias, rate=rate", True),
        ("inner=None", "inner", False),
        ("inner", "inner", False),
        ("activation='relu'", "activation", False),
    ],
)
def test_what_both_parts_are_made_of(given: str, given_on: str, is_told: bool) -> None:
    """A layer may be part of both, a flag may not."""
    source = SHARED.format(given=given, given_on=given_on, mark="  # here" if is_told else "")
    if is_told:
        assert_told("KLL401", source, "this call raises KeyError (from Keras 2.11 on)", "this call raises ValueError")
    else:
        assert_silent("KLL401", source)


def test_step_that_keras_does_not_call() -> None:
    assert_silent("KLL401", model(REPORTED[0].replace("  # here", ""), more=", other"))


@pytest.mark.parametrize(("version", "count"), [("2.10", 0), ("2.11", 1), ("2", 1), ("3.0", 1)])
def test_an_older_optimizer_makes_slots_for_any_variable(version: str, count: int) -> None:
    text = "import keras\nfrom keras import layers\n" + model(REPORTED[0])
    assert len(lint_source(text, "a.py", Settings(select=("KLL401",), keras=(version,)))) == count
