"""Models whose `call` only puts a functional model together, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.model.wired_models import wiring_methods

NET = """\
import tensorflow as tf
from tensorflow.keras import layers
class Net(tf.keras.Model):
    def __init__(self, units=4):
        super().__init__()
        self.units = units

    def call(self, inputs):
        print(inputs)
        return self.head(layers.Dense(self.units)(inputs))

    def head(self, inputs):
        return layers.Dense(1, activation="sigmoid")(inputs)

    def build_graph(self):
        x = layers.Input((4,))
        return tf.keras.Model(inputs=x, outputs=self.call(x))

    def shown(self):
        return self.units
"""
MADE = "from net import Net\n"


def test_methods() -> None:
    assert wiring_methods(NET[NET.index("class") :]) == {"build_graph"}


@pytest.mark.parametrize(
    ("train", "is_silent"),
    [
        ("net = Net(3)\nmodel = net.build_graph()\nmodel.fit(x, y)\n", True),
        ("model = Net(units=int(3)).build_graph()\nmodel.fit(x, y)\n", True),
        ("def make():\n    net = Net()\n    # net(x)\n    return net.build_graph()\nmake().fit(x, y)\n", True),
        ("net = Net()\nnet.build_graph().summary()\nnet.fit(x, y)\n", False),
        ("net = Net()\nnet.build_graph().summary()\ny = net(x)\n", False),
        ("net = Net()\nprint(net.shown())\n", False),
        ("def make():\n    return Net()\nmake().build_graph().fit(x, y)\n", False),
        ("class Own(Net):\n    pass\nOwn().fit(x, y)\n", False),
        ("net = Net()\n", False),
        ("from net import Net as Own\nNet().build_graph()\nOwn().fit(x, y)\n", False),
        ("x = 1\n", False),
    ],
)
def test_what_is_made_in_call(tmp_path: Path, train: str, is_silent: bool) -> None:
    for name, text in {"net.py": NET, "train.py": MADE + train, "requirements.txt": "tensorflow\n"}.items():
        (tmp_path / name).write_text(text)
    settings = Settings(keras=("2",), root=str(tmp_path), select=("KLL122", "KLL132"), jobs=1)
    found = lint_paths([tmp_path], settings).diagnostics
    assert [(one.code, one.span.line) for one in found] == (
        [] if is_silent else [("KLL122", 9), ("KLL132", 10), ("KLL132", 13)]
    )


def test_a_layer_is_called_by_keras(tmp_path: Path) -> None:
    source = NET.replace("class Net(tf.keras.Model)", "class Net(layers.Layer)")
    train = f"{MADE}Net().build_graph().fit(x, y)\n"
    for name, text in {"net.py": source, "train.py": train, "requirements.txt": "tensorflow\n"}.items():
        (tmp_path / name).write_text(text)
    settings = Settings(keras=("2",), root=str(tmp_path), select=("KLL132",), jobs=1)
    assert len(lint_paths([tmp_path], settings).diagnostics) == 2
