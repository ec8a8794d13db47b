"""Functions that one file defines and another gives to Keras are traced, whatever of both is linted."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths, lint_source
from keras_layer_lint.model.class_graph import Project
from keras_layer_lint.model.given_names import names_given

LOSSES = """import tensorflow as tf


def my_loss(y_true, y_pred):
    return float(tf.reduce_mean(y_pred))


def squared(x):
    return float(tf.reduce_mean(x)) * x
"""
FOUND = {"my_loss": 5, "squared": 9}


def linted(folder: Path, *files: str) -> list[tuple[str, int]]:
    report = lint_paths([folder / file for file in files] or [folder], Settings(keras=("3",), root=str(folder)))
    assert report.errors == ()
    return [(one.code, one.span.line) for one in report.diagnostics if one.path.endswith("losses.py")]


def write(folder: Path, giver: str, **files: str) -> None:
    package = folder / "pkg"
    package.mkdir()
    (folder / "pyproject.toml").write_text("[project]\nname = 'pkg'\n", encoding="utf-8")
    for name, text in {"__init__": "", "losses": LOSSES, "train": giver, **files}.items():
        (package / f"{name}.py").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("giver", "given"),
    [
        ("from .losses import my_loss\n\ndef train(model):\n    model.compile(loss=my_loss)\n", "my_loss"),
        ("from pkg.losses import my_loss\ndef train(model):\n    model.compile(metrics=['mae', my_loss])\n", "my_loss"),
        ("from pkg import losses\ndef train(model):\n    model.compile(loss={'a': losses.my_loss})\n", "my_loss"),
        ("import pkg.losses\ndef train(model):\n    model.compile(weighted_metrics=[pkg.losses.my_loss])\n", "my_loss"),
        ("from .losses import my_loss as mine\ndef train(model):\n    model.compile(loss=mine)\n", "my_loss"),
        ("def train(model):\n    from .losses import my_loss\n    model.compile(loss=my_loss)\n", "my_loss"),
        ("import keras\nfrom .losses import squared\ny = keras.layers.Lambda(squared)(x)\n", "squared"),
        ("from keras.layers import Dense\nfrom .losses import squared\nDense(3, activation=squared)\n", "squared"),
        ("from .losses import *\ndef train(model):\n    model.compile(loss=my_loss)\n", "my_loss"),
        (
            "import keras\nfrom .losses import squared\nclass Block(keras.layers.Layer):\n"
            "    def __init__(self, activation):\n        super().__init__()\nBlock(activation=squared)\n",
            "squared",
        ),
    ],
)  # fmt: skip
def test_a_function_that_another_file_gives_to_keras(giver: str, given: str, tmp_path: Path) -> None:
    write(tmp_path, giver)
    expected = [("KLL113", FOUND[given])]
    assert linted(tmp_path) == expected
    assert linted(tmp_path, "pkg/losses.py") == expected
    assert linted(tmp_path, "pkg/train.py", "pkg/losses.py") == expected


@pytest.mark.parametrize(
    "giver",
    [
        "from .losses import my_loss\ndef train(model):\n    model.compile(loss=my_loss(1, 2))\n",
        "from .losses import my_loss\ndef train(model, my_loss):\n    model.compile(loss=my_loss)\n",
        "from .losses import my_loss\ndef train(model):\n    model.fit(loss=my_loss)\n",
        "from .losses import squared\nfrom torchvision.transforms import Lambda\nLambda(squared)\n",
        "from .losses import squared\nclass Block:\n    pass\nBlock(activation=squared)\n",
        "from other.losses import my_loss\ndef train(model):\n    model.compile(loss=my_loss)\n",
        "def my_loss(a, b):\n    pass\ndef train(model):\n    model.compile(loss=my_loss)\n",
        "from .losses import my_loss\n# model.compile(loss=my_loss)\nmodel.compile()\n",
        "def broken(:\n    model.compile(loss=my_loss)\n",
    ],
)
def test_what_no_file_gives_to_keras_is_not_traced(giver: str, tmp_path: Path) -> None:
    write(tmp_path, giver)
    assert linted(tmp_path) == linted(tmp_path, "pkg/losses.py") == []


def test_a_package_may_hand_the_name_on(tmp_path: Path) -> None:
    write(tmp_path, "from pkg import my_loss\nmodel.compile(loss=my_loss)\n", __init__="from .losses import my_loss\n")
    assert linted(tmp_path) == linted(tmp_path, "pkg/losses.py") == [("KLL113", 5)]


def test_only_a_file_that_may_give_a_function_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path,
        "from .losses import my_loss\nmodel.compile(loss=my_loss)\n",
        other="from .losses import my_loss\nprint(my_loss)\n",
        another="from elsewhere import their_loss\nmodel.compile(loss=their_loss)\n",
    )
    parsed: list[str] = []
    module_at = Project.module_at

    def noted(self: Project, path: Path, data: bytes | None = None) -> object:
        parsed.append(path.name)
        return module_at(self, path, data)

    monkeypatch.setattr(Project, "module_at", noted)
    assert linted(tmp_path) == [("KLL113", 5)]
    assert {"other.py", "another.py"}.isdisjoint(parsed)


def test_text_from_elsewhere_has_no_project() -> None:
    assert lint_source(LOSSES, "nowhere/losses.py", Settings(keras=("3",))) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("from a import f\nm.compile(loss=f)", {"f"}),
        ("import a.b\nfrom c import (\n    g,\n    h,\n)\nm.compile(loss=a.b.f, metrics=['mae', g, h(1)])", {"f", "g"}),
        ("from a import f, \\\n    g\nm.compile(loss = {'x': f, 'y': \"g\"})", {"f"}),
        ("from a import *\nm.compile(loss=f)", {"f"}),
        ("from a import g\nm.compile(loss=f)", set()),
        ("from a import f\nfit(loss=f)", set()),
        ("from a import f\nDense(3, activation=f)", {"f"}),
        ("from a import relu\nDense(3, activation='relu')", set()),
        ("from a import f\nDense(3, activation=self.f)", set()),
        ("from a import f\nLambda(f)", {"f"}),
        ("from a import f\nMyLambda(f)", set()),
        ("from a import f\nDense(3, activation=f(2))", set()),
        ("from a import b as f\nLambda(f)", {"f", "b"}),
    ],
)
def test_names_that_a_text_may_give(text: str, names: set[str]) -> None:
    assert names_given(text) == names
