"""KLL221: a layer whose `call` takes `training` without a default is called without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.cases import assert_silent, assert_told, found, layer, write

INNER = """\
class Inner({base}):
    def call({parameters}):
        return x


class Other(Inner):
    pass


"""
END = "Keras 3 looks at the signature before it fills `training` in, so the call raises TypeError"
MADE = "self.inner = Inner()\nself.other = Other()\nself.all = [Inner()]"

REPORTED = [
    # the parameters of `Inner.call`, and the body of `call`
    ("self, x, training", "x = self.inner(x)  # here"),
    ("self, x, training: bool", "x = self.inner(x)  # here"),
    ("self, x, *, training", "x = self.inner(x)  # here"),
    ("self, x, y, training", "x = self.inner(x, x)  # here"),
    ("self, x, training", "x = self.inner(inputs=x)  # here"),
    ("self, x, training", "x = self.other(x)  # here"),
    ("self, x, training", "for one in self.all:\n    x = one(x)  # here"),
    ("self, x, training", "inner = self.inner\nif training:\n    x = inner(x)  # here"),
]

SILENT = [
    ("self, x, training=None", "x = self.inner(x)"),
    ("self, x, training=False", "x = self.inner(x)"),
    ("self, x, *, training=True", "x = self.inner(x)"),
    ("self, x", "x = self.inner(x)"),
    ("self, x, mode", "x = self.inner(x, mode=1)"),
    ("self, x, **training", "x = self.inner(x)"),
    ("self, x, training", "x = self.inner(x, training=training)"),
    ("self, x, training", "x = self.inner(x, training=None)"),
    ("self, x, training", "x = self.inner(x, training)"),
    ("self, x, training", "options = {'training': training}\nx = self.inner(x, **options)"),
    ("self, x, training", "x = self.inner(*[x, training])"),
    ("self, x, training", "x = self.inner(x, **self.of_somebody_else())"),
    ("self, x, training", "x = self.inner.call(x, None)"),
    ("self, x, training", "x = layers.TimeDistributed(self.inner)(x)"),
    ("self, x, training", "x = layers.RNN(self.inner)(x)"),
    ("self, x, training", "pass"),
]


def source(parameters: str, body: str, base: str = "layers.Layer") -> str:
    return INNER.format(parameters=parameters, base=base) + layer(call=body, init=MADE)


@pytest.mark.parametrize("base", ["layers.Layer", "keras.Model", "layers.Dense"])
@pytest.mark.parametrize(("parameters", "body"), REPORTED)
def test_reported(parameters: str, body: str, base: str) -> None:
    assert_told("KLL221", source(parameters, body, base), "", END)


@pytest.mark.parametrize(("parameters", "body"), SILENT)
def test_silent(parameters: str, body: str) -> None:
    assert_silent("KLL221", source(parameters, body))


@pytest.mark.parametrize("base", ["somewhere.Layer", "object"])
def test_what_may_be_called_otherwise(base: str) -> None:
    assert_silent("KLL221", "import somewhere\n\n\n" + source("self, x, training", "x = self.inner(x)", base))


def test_a_call_of_its_own() -> None:
    own = INNER.format(parameters="self, x, training", base="layers.Layer").replace(
        "        return x\n",
        "        return x\n\n    def __call__(self, x):\n        return super().__call__(x, training=True)\n",
    )
    assert_silent("KLL221", own + layer(call="x = self.inner(x)", init=MADE))


def test_a_decorator_may_give_it() -> None:
    decorated = source("self, x, training", "x = self.inner(x)").replace(
        "    def call(self, x, training):", "    @fills\n    def call(self, x, training):"
    )
    assert_silent("KLL221", "from somewhere import fills\n\n\n" + decorated)


def test_a_layer_of_another_module(tmp_path: Path) -> None:
    write(tmp_path, {"inner.py": INNER.format(parameters="self, x, training", base="layers.Layer")})
    text = "from inner import Inner, Other\n\n\n" + layer(call="x = self.inner(x)  # KLL221", init=MADE)
    (diagnostic,) = found("KLL221", text, "3", tmp_path / "subject.py")
    assert diagnostic.message.startswith("`self.inner` is called without `training`, for which `Inner.call` has no")
    assert diagnostic.help == "write `training=None` in that `call`"


LENT = """\
class Lent(layers.Layer):
    def noised(self, x):
        return self.inner(x)


def noised(layer, x):
    return layer.inner(x)
"""


@pytest.mark.parametrize("call", ["self.noised(x)", "noised(self, x)"])
def test_called_by_code_of_another_module(call: str, tmp_path: Path) -> None:
    write(tmp_path, {"lent.py": LENT})
    text = "from lent import Lent, noised\n\n\n" + INNER.format(parameters="self, x, training", base="layers.Layer")
    text += layer(call=f"x = {call}  # KLL221", init=MADE).replace(
        "class Subject(keras.layers.Layer)", "class Subject(Lent)"
    )
    (diagnostic,) = found("KLL221", text, "3", tmp_path / "subject.py")
    assert diagnostic.message.startswith("`Inner()` is called without `training`, for which `Inner.call` has no")


def test_called_by_a_loss() -> None:
    text = INNER.format(parameters="self, x, training", base="layers.Layer") + (
        "class Perceptual(keras.losses.Loss):\n    def __init__(self):\n        super().__init__()\n"
        "        self.inner = Inner()\n\n    def call(self, y_true, y_pred):\n"
        "        return self.inner(y_pred) - y_true  # here\n"
    )
    assert_told("KLL221", text, "", END)
