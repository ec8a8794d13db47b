"""KLL405: what a callback changes on the model, and the graph has as a constant."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.lint import Linter
from tests.checks.cases import HEADER, assert_silent, assert_told, found, write

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


LENT = """
class Lent(keras.Model):
    def helper(self, x):
        return x * self.beta


def scaled(layer, x):
    return x * layer.beta
"""


@pytest.mark.parametrize("call", ["self.helper(self.dense(x))", "scaled(self, self.dense(x))"])
def test_what_call_reaches_in_another_file(call: str, tmp_path: Path) -> None:
    write(tmp_path, {"lent.py": LENT})
    text = BEHIND.format(call=f"{call}  # KLL405", here="", there="").replace("(keras.Model)", "(Lent)")
    own = text[text.index("class Annealed") :].replace("    def helper(self, x):\n        return x * self.beta\n", "")
    found("KLL405", "from lent import Lent, scaled\n\n\n" + own, "3", tmp_path / "subject.py")


LOOP = """
@tf.function
def fit(model, batch):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(batch))
    tape.gradient(loss, model.trainable_variables)
"""


def test_only_fit_runs_callbacks(tmp_path: Path) -> None:
    """A loop of the project's own may train the model, too."""
    write(tmp_path, {"loop.py": LOOP, "setup.py": ""})
    path = tmp_path / "subject.py"
    path.write_text(HEADER + module(READ.replace("here", "KLL405")), encoding="utf-8")
    (diagnostic,) = (
        Linter(Settings(keras=("2",), select=("KLL405",), root=str(tmp_path)))
        .report(path.read_bytes(), path)
        .diagnostics
    )
    assert FROZEN in diagnostic.message


@pytest.mark.parametrize("source", SILENT)
def test_silent(source: str) -> None:
    assert_silent("KLL405", source)


def test_property_of_the_class() -> None:
    setter = "\n    @property\n    def beta(self):\n        return self.w\n\n    def set_beta"
    assert_silent("KLL405", module("x = x * self.beta").replace("\n    def set_beta", setter))
