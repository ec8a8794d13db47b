"""KLL224: which properties are reported."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keras_layer_lint import lint_source
from tests.rule_pages import run_on

SOURCE = """\
import keras


class Counted(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        {init}

    def call(self, inputs):
        {call}
        return inputs

    @property
    def count(self):
        {getter}
        return self._count

    {setter}
    def count(self, value):
        self._count = value
"""
GETTER = "if self._count is None:\n            raise {error}('none')"


def told(
    *,
    init: str = "self._count = None",
    call: str = "self.count = inputs.shape[-1]",
    getter: str = GETTER.format(error="ValueError"),
    setter: str = "@count.setter",
    keras: str = "3",
    backend: str = "tensorflow",
) -> list[str]:
    source = SOURCE.format(init=init, call=call, getter=getter, setter=setter)
    settings = replace(run_on(backend), keras=(keras,))
    return [each.message for each in lint_source(source, "a.py", settings) if each.code == "KLL224"]


def test_reported() -> None:
    assert told() == [
        "`count` raises ValueError until it is set: on TensorFlow, Keras 3 reads it before it sets it, and takes "
        "AttributeError alone for none, so the first `self.count = ...` raises ValueError"
    ]
    assert len(told(getter='"""How many."""\n        ' + GETTER.format(error="RuntimeError"))) == 1
    assert len(told(init="self._count = None\n        self.count = 3")) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"init": "self._count = 0"},
        {"init": "self._count = None\n        self._count = kwargs"},
        {"call": "self._count = 1\n        self.count = 2"},
        {"call": "pass"},
        {"getter": GETTER.format(error="AttributeError")},
        {"getter": GETTER.format(error="Missing")},
        {"getter": "if not self._count:\n            raise ValueError('none')"},
        {"getter": "if self._count is None:\n            return 3"},
        {"setter": "@other.setter"},
        {"keras": "2"},
        {"backend": "jax"},
    ],
    ids=str,
)
def test_silent(changed: dict[str, str]) -> None:
    assert told(**changed) == []
