"""KLL213: A tensor made in `build` is kept, which Keras 3 may trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from tests.checks.cases import HEADER, assert_silent, assert_told, layer

KERAS_3 = "later calls raise InaccessibleTensorError or TypeError (out of scope)"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("self.a = tf.range(4)  # here", "", KERAS_3, "def grow(self):\n    return self.a\n"),
    ("self.a = keras.ops.zeros((4,))  # here", "", KERAS_3, "def call(self, x):\n    return x + self.a\n"),
    (
        "self.grow()",
        "",
        KERAS_3,
        ("def grow(self):\n    self.a = ops.arange(self.units)  # here\n\ndef call(self, x):\n    return x + self.a\n"),
    ),
]

REPORTED += [
    # what takes its place may not, or is such a tensor as well
    (f"self.a = tf.range(4)  # here\n{later}", "", KERAS_3, "def call(self, x):\n    return x + self.a\n")
    for later in ("if self.units: self.a = None", "for axis in s: self.a = None", "self.b = None")
]

SILENT = [
    ("self.a = tf.range(4)\nself.a = None", "def call(self, x):\n    return x + self.a\n"),
    ("self.a = tf.range(4)\nself.a = self.a.numpy()", "def call(self, x):\n    return x + self.a\n"),
    ("self.a = tf.range(4)\nself.free()", "def free(self):\n    self.a = None\n"),
    ("self.a = np.arange(4)", "def call(self, x):\n    return x + self.a\n"),
    ("self.a = 4", "def call(self, x):\n    return x + self.a\n"),
    ("self.a = self.add_weight(name='a', shape=())", "def call(self, x):\n    return x + self.a\n"),
    ("self.a = tf.range(4)\nself.b = self.a + 1", ""),
    ("a = tf.range(4)", ""),
    ("self.a = layers.Dense(4)", "def call(self, x):\n    return self.a(x)\n"),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL213", layer(build=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL213", layer(build=body, methods=methods))


CONSTANT = "no gradient reaches the weight, and training or loading changes nothing here"
USES = "def call(self, x):\n    return x + self.a\n"


@pytest.mark.parametrize(
    "body",
    [
        "self.a = tf.exp(self.w)  # here",
        "self.a = self.w * 2.0  # here",
        "scaled = self.w * 2.0\nself.a = tf.nn.softplus(scaled)  # here",
        "self.a = tf.identity(self.w)  # here",
        "v = self.add_weight(name='v', shape=())\nself.a = tf.exp(v)  # here",
    ],
)
def test_computed_from_a_weight(body: str) -> None:
    assert_told("KLL213", layer(build=body, methods=USES), CONSTANT, KERAS_3)


HELPERS = """
def deviation(self):
    v = self.add_weight(name='v', shape=())
    return tf.nn.softplus(v)

def frozen(self):
    return self.add_weight(name='f', shape=(), trainable=False)

def zeros(self):
    return tf.zeros(self.w.shape)
"""


@pytest.mark.parametrize(
    ("body", "keras_2"),
    [
        ("self.a = self.deviation()  # here", CONSTANT),
        ("a = self.deviation()\nself.a = a * 2.0  # here", CONSTANT),
        ("self.a = tf.concat([self.frozen(), self.frozen()], 0)  # here", ""),
        ("v = self.add_weight(name='v', shape=(), trainable=False)\nself.a = tf.exp(v)  # here", ""),
        ("self.a = self.zeros()  # here", ""),
    ],
)
def test_computed_by_a_method(body: str, keras_2: str) -> None:
    assert_told("KLL213", layer(build=body, methods=USES + HELPERS), keras_2, KERAS_3)


@pytest.mark.parametrize(
    "body",
    [
        "self.a = tf.zeros(self.w.shape)  # here",
        "self.a = tf.ones_like(self.w)  # here",
        "self.a = tf.range(self.units)  # here",
        "n = tf.shape(self.w)\nself.a = n + 1  # here",
    ],
)
def test_computed_from_its_shape_only(body: str) -> None:
    assert_told("KLL213", layer(build=body, methods=USES), "", KERAS_3)


def test_the_weight_itself_under_another_name_is_silent() -> None:
    assert_silent("KLL213", layer(build="self.a = self.w", methods=USES))


@pytest.mark.parametrize(
    ("body", "more"),
    [
        ("self.v = self.add_weight(name='v', shape=(), trainable=False)\nself.a = tf.exp(self.v)  # here", ""),
        ("self.a = tf.exp(self.w)  # here", "\ndef finalize_state(self):\n    self.a = tf.exp(self.w)\n"),
    ],
)
def test_what_is_not_trained_or_is_computed_again(body: str, more: str) -> None:
    assert_told("KLL213", layer(build=body, methods=USES + more), "", KERAS_3)


@pytest.mark.parametrize(
    ("requirement", "codes"), [("Keras==2.0.5", []), ("tensorflow_gpu==1.2.0", []), ("tensorflow==2.12", ["KLL213"])]
)
def test_in_a_graph_of_tensorflow_1_the_gradient_flows(tmp_path: Path, requirement: str, codes: list[str]) -> None:
    source = layer(build="self.a = tf.exp(self.w)", methods=USES).replace("from keras import ops\n", "")
    (tmp_path / "layers.py").write_text(HEADER.replace("from keras import ops", "") + source, encoding="utf-8")
    (tmp_path / "requirements.txt").write_text(f"{requirement}\n", encoding="utf-8")
    report = lint_paths([tmp_path], Settings(root=str(tmp_path), select=("KLL213",)))
    assert [found.code for found in report.diagnostics] == codes
