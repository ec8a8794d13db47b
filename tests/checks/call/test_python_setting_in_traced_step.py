"""KLL405: what a callback changes on the model, and the graph has as a constant."""

from __future__ import annotations

import textwrap

import pytest

from tests.checks.cases import assert_silent, assert_told

FROZEN = "the graph keeps the value that it had when it was traced"
MODULE = """
class Annealed(keras.Model):
    def __init__(self, share=0.1, net=None, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4)
        self.beta = 0.0
        self.share = share
        self.net = net
        self.weight = self.add_weight(name="weight", shape=())

    def {method}:
        x = data
        {read}
        return x

    def set_beta(self, value):
        self.beta = value

    def untraced(self):
        return self.share


class Anneal(keras.callbacks.Callback):
    def {hook}(self, number, logs=None):
{change}
"""
READ = "x = x * self.beta  # here"
CHANGE = "self.model.beta = number / 10.0"


def module(
    read: str = READ, change: str = CHANGE, hook: str = "on_epoch_begin", method: str = "call(self, data)"
) -> str:
    return MODULE.format(read=read, change=textwrap.indent(change, " " * 8), hook=hook, method=method)


REPORTED = [
    module(),
    module(change="self.model.beta += 0.1"),
    module(change="if number > 3:\n    self.model.beta = 1.0"),
    module(change="self.model.set_beta(1.0)"),
    module("x = x * self.share  # here", "self.model.share = 0.5"),
    module("x = x if self.beta > 0 else 2 * x  # here"),
    module("x = x * self.beta  # here\n        x = x + self.beta"),
    *(module(hook=hook) for hook in ("on_epoch_end", "on_batch_begin", "on_train_batch_end")),
    module(method="train_step(self, data)"),
]

SILENT = [
    module("x = x * self.share"),
    module("pass"),
    module("x = x * self.weight", "self.model.weight.assign(0.5)"),
    module("x = x * self.weight", "self.model.weight = 0.5"),
    module("x = self.net(x)", "self.model.net = number"),
    module("x = x * self.beta", "self.model.other = 0.5"),
    module("x = x * self.beta", "self.other.beta = 0.5"),
    module("x = x * self.beta", "self.model.untraced()"),
    module("x = x * self.beta", "self.model.beta = 0.5\nself.model.compile('sgd')"),
    module("x = x * self.beta", "self.model.beta = 0.5\nself.model.train_function = None"),
    module("x = x * self.beta", hook="on_train_begin"),
    module("x = x * self.beta", hook="on_test_begin"),
    module("x = x * self.beta", method="helper(self, data)"),
    module("x = x * self.beta", method="train_step(self, data, other)"),
    module("x = x * self.beta") + "\n\nAnnealed().compile(run_eagerly=True)\n",
]


@pytest.mark.parametrize("source", REPORTED)
def test_reported(source: str) -> None:
    assert_told("KLL405", source, FROZEN, FROZEN)


BEHIND = """
def scaled(layer, x):
    return x * layer.beta{here}


class Annealed(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4)
        self.beta = 0.0

    def call(self, x):
        return {call}

    def helper(self, x):
        return x * self.beta{there}


class Anneal(keras.callbacks.Callback):
    def on_epoch_begin(self, number, logs=None):
        self.model.beta = number / 10.0
"""


@pytest.mark.parametrize(
    "parts",
    [
        {"call": "self.helper(self.dense(x))", "here": "", "there": "  # here"},
        {"call": "scaled(self, self.dense(x))", "here": "  # here", "there": ""},
    ],
)
def test_what_call_reaches(parts: dict[str, str]) -> None:
    assert_told("KLL405", BEHIND.format(**parts), FROZEN, FROZEN)


@pytest.mark.parametrize("source", SILENT)
def test_silent(source: str) -> None:
    assert_silent("KLL405", source)


def test_property_of_the_class() -> None:
    setter = "\n    @property\n    def beta(self):\n        return self.w\n\n    def set_beta"
    assert_silent("KLL405", module("x = x * self.beta").replace("\n    def set_beta", setter))
