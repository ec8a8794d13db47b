"""Classes that nobody asks for a config: the rules of saving are silent on them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_source
from tests.checks.cases import HEADER

SUBJECT = """
class Subject({base}):
    def __init__(self, inner, units=4, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner
        self.units = units

    def call(self, x):
        return self.inner(x) * self.units

{methods}
"""
CONFIG = "def get_config(self):\n    return {'inner': self.inner}\n"
OWN_CALL = "def __call__(self, x):\n    return self.call(x)\n"


def codes(base: str, methods: str, keras: str) -> list[str]:
    source = HEADER + SUBJECT.format(base=base, methods=textwrap.indent(methods, " " * 4))
    found = lint_source(source, "a.py", Settings(keras=(keras,), select=("KLL3",)))
    return [one.code for one in found]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("base", "methods"),
    [
        ("layers.Layer", OWN_CALL),
        ("keras.Model", CONFIG + "def save(self, path, **kwargs):\n    self.inner.save(path, **kwargs)\n"),
    ],
)
def test_silent(base: str, methods: str, keras: str) -> None:
    assert codes(base, methods, keras) == []


@pytest.mark.parametrize(
    ("base", "methods", "keras"),
    [
        ("layers.Layer", "", "3"),
        ("layers.Layer", CONFIG + OWN_CALL, "3"),
        ("layers.Layer", "def __call__(self, x):\n    return super().__call__(x)\n", "3"),
        ("layers.Layer", "def save(self, path):\n    self.inner.save(path)\n", "3"),  # Keras asks layers for no `save`
        ("keras.Model", OWN_CALL, "3"),
        ("keras.Model", "def save(self, path):\n    self.compile()\n    super().save(path)\n", "2"),
        ("keras.Model", "def save(self, path):\n    self.inner.save(path)\n    super().save(path)\n", "3"),
        ("keras.Model", "def save(self, path):\n    np.save(path, self.get_weights())\n", "3"),
    ],
)
def test_told(base: str, methods: str, keras: str) -> None:
    assert {"KLL301", "KLL302"} & set(codes(base, methods, keras))


def test_a_model_that_is_called_by_itself() -> None:
    assert codes("keras.Model", OWN_CALL, "2") == []


TRAINS = "def train(model, x, y):\n    model.fit(x, y)\n"


@pytest.mark.parametrize(
    ("mark", "decorator", "is_told"),
    [
        ("requirements.txt", "", False),
        ("", "", True),  # files of many projects may stand side by side
        ("requirements.txt", "@keras.saving.register_keras_serializable()", True),
    ],
)
def test_what_nobody_makes_in_a_project_that_trains(tmp_path: Path, mark: str, decorator: str, is_told: bool) -> None:
    source = HEADER + SUBJECT.format(base="layers.Layer", methods="").replace("class", f"{decorator}\nclass", 1)
    (tmp_path / "a.py").write_text(source, encoding="utf-8")
    (tmp_path / "train.py").write_text(TRAINS, encoding="utf-8")
    if mark:
        (tmp_path / mark).write_text("", encoding="utf-8")
    settings = Settings(keras=("3",), select=("KLL301",), root=str(tmp_path))
    assert bool(lint_source(source, tmp_path / "a.py", settings)) == is_told
