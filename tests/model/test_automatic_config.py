"""Projects with a Keras that makes no config by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths

LAYER = """
from tensorflow import keras


class Gate(keras.layers.Layer):
    def __init__(self, width={default}, **kwargs):
        super().__init__(**kwargs)
        self.width = width

    def call(self, inputs):
        return inputs
"""
OPEN = LAYER.format(default="None")
ONLY_BY_NAME = OPEN.replace("self, width", "self, *, width")
SESSION = "import tensorflow as tf\ntf.Session()\ntf.placeholder(x)\ntf.get_variable(x)\n"


def told(root: Path, files: dict[str, str], *, any_use: bool = True) -> list[str]:
    for name, text in files.items():
        (root / name).write_text(text)
    settings = Settings(root=str(root), keras=("2",), select=("KLL301",), any_use=any_use)
    report = lint_paths([root / "layer.py"], settings)
    return [f"{found.severity.label}: {found.message}" for found in report.diagnostics]


@pytest.mark.parametrize(
    ("requirements", "is_old"),
    [
        ("keras==2.6\ntensorflow==2.6.1\n", True),
        ("tensorflow==2.3.*\n", True),
        ("tensorflow<=2.6\n", True),
        ("tensorflow>=2.2,<2.7\n", True),
        ("tensorflow~=2.4.1\n", True),
        ("tensorflow==1.15\n", True),
        ("tensorflow~=2.4\n", False),
        ("tensorflow==2.7\n", False),
        ("tensorflow<2.8\n", False),
        ("tensorflow>=2.2\n", False),
        ("tensorflow\n", False),
        ("keras==2.6\ntensorflow==2.11\n", False),
        ("", False),
    ],
)
def test_what_the_requirements_say(tmp_path: Path, requirements: str, is_old: bool) -> None:
    found = told(tmp_path, {"layer.py": OPEN, "requirements.txt": requirements})
    assert [message.startswith("note: `Gate` has no `get_config`") for message in found] == [True] * is_old
    assert all(message.endswith("because of `width`") for message in found)
    assert all(("before TensorFlow 1.14" in message) is requirements.startswith("tensorflow==1") for message in found)


def test_code_of_tensorflow_1(tmp_path: Path) -> None:
    (message,) = told(tmp_path, {"layer.py": OPEN + SESSION})
    assert message.endswith("or loading TypeError before TensorFlow 1.14, because of `width`")


@pytest.mark.parametrize("default", ["2", "'same'", "(1, 2)"])
def test_old_releases_save_no_argument(tmp_path: Path, default: str) -> None:
    """Those that newer releases save are no exception."""
    files = {"layer.py": LAYER.format(default=default), "requirements.txt": "tensorflow==2.6\n"}
    (message,) = told(tmp_path, files)
    assert message.endswith("raises NotImplementedError because of `width`")
    assert told(tmp_path, {"requirements.txt": "tensorflow==2.7\n"}) == []


def test_old_releases_do_not_see_what_is_given_by_name_only(tmp_path: Path) -> None:
    assert told(tmp_path, {"layer.py": ONLY_BY_NAME, "requirements.txt": "tensorflow==2.6\n"}) == []


@pytest.mark.parametrize("save", ["", "model.save(path)\n", "model.save('model.h5')\n", "model.save_weights(path)\n"])
def test_who_saves_models_sees_it(tmp_path: Path, save: str) -> None:
    train = f"from layer import Gate\nmodel = Sequential([Gate(1)])\nmodel.fit(x)\n{save}"
    files = {"layer.py": OPEN, "train.py": train, "requirements.txt": "tensorflow==2.3\n"}
    assert told(tmp_path, files, any_use=False) == []


def test_libraries_of_tensorflow_1(tmp_path: Path) -> None:
    """Nobody saves models with them: those of old releases of TensorFlow 2 are told."""
    files = {"layer.py": OPEN, "__init__.py": "", "setup.py": "", "requirements.txt": "tensorflow==2.3\n"}
    assert len(told(tmp_path, files)) == 1
    assert told(tmp_path, {**files, "requirements.txt": "tensorflow==1.14\n"}) == []
