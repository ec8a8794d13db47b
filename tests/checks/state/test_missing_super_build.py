from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from tests.checks.cases import HEADER, messages

CODE = "KLL202"
WEIGHT = 'self.w = self.add_weight(name="w", shape=(shape[-1],))'
K2 = "`Gate.build()` leaves `built` False: after a direct `layer.build(...)` the first call builds again"
K2_LOST = f"warning: {K2} and silently replaces the weights that were set or loaded"
K3 = (
    "note: `Gate.build()` does not call `super().build()`: Keras 3 sets `built` by itself, Keras 2 builds such a "
    "layer again after a direct `layer.build(...)`"
)
RAISES = (
    "error: `Gate.build()` never calls `LayerNormalization.build()`, which makes what its `call` needs: the first "
    "call raises"
)


def gate(build: str, more: str = "", base: str = "layers.Layer", mark: str = "  # KLL202") -> str:
    return f"""
class Gate({base}):
    def build(self, shape):{mark}
        {build}

{more}
"""


CALL = "    def call(self, inputs):\n        return super().call(inputs) * self.w"
OWN_CALL = "    def call(self, inputs):\n        return inputs * self.w"
USES_BOTH = "    def call(self, inputs):\n        return inputs * self.w * self.kept"
BASE = """
class Base(layers.Layer):
    def build(self, shape):
        self.kept = self.add_weight(name="kept", shape=())
        self.built = True

    def call(self, inputs):
        return inputs * self.kept

"""
STAGES = """
class Stage(layers.Layer):
    def build(self, shape=None):
        if self.built:
            return
        self.built = True
        self.w = self.add_weight(name="w", shape=(4,))


class Gate(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.stages = [Stage() for _ in range(2)]

    def build(self, shape):  # KLL202
        for stage in self.stages:
            stage.build(None)

"""
HELPERS = """
    def _make(self):
        self.inner.build((None, 4))
"""


@pytest.mark.parametrize(
    ("source", "keras", "expected"),
    [
        (gate(WEIGHT), "2", K2_LOST),
        (gate(WEIGHT), "3", K3),
        (gate("self.inner.build(shape)"), "2", K2_LOST),
        (gate("self._make()", HELPERS), "2", K2_LOST),
        # Code for Keras 3 alone.
        ("from keras import ops\n" + gate(WEIGHT), "2", K2_LOST),
        ("from keras import ops\n" + gate(WEIGHT, CALL, "layers.LayerNormalization"), "3", RAISES),
        # A built-in base whose own call still runs.
        (gate(WEIGHT, CALL, "layers.LayerNormalization"), "2", RAISES),
        (gate(WEIGHT, CALL, "layers.LayerNormalization"), "3", RAISES),
        (gate("self.width = shape[-1]", base="layers.LayerNormalization"), "3", RAISES),
        # A base of the project, whose `call` or whose weight it goes on using.
        (BASE + gate("self.width = shape[-1]", base="Base"), "2", RAISES.replace("LayerNormalization", "Base")),
        (BASE + gate(WEIGHT, CALL, "Base"), "3", RAISES.replace("LayerNormalization", "Base")),
        (BASE + gate(WEIGHT, USES_BOTH, "Base"), "3", RAISES.replace("LayerNormalization", "Base")),
        (BASE + gate(WEIGHT, OWN_CALL, "Base"), "3", K3),
        (BASE + gate(f"self.kept = 1; {WEIGHT}", CALL, "Base"), "3", K3),
        # It makes what its call reads itself, or in place of the base.
        (gate(WEIGHT, OWN_CALL, "layers.LayerNormalization"), "3", K3),
        (gate(WEIGHT, base="layers.LayerNormalization"), "2", K2_LOST),
    ],
)
def test_reported(source: str, keras: str, expected: str) -> None:
    assert messages(CODE, source, keras) == [expected]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "source",
    [
        gate("super().build(shape)", mark=""),
        gate("super(Gate, self).build(shape)", mark=""),
        gate("layers.Layer.build(self, shape)", mark=""),
        gate("self.built = True", mark=""),
        gate("self._finish(shape)", "    def _finish(self, shape):\n        self.built = True", mark=""),
        gate("raise NotImplementedError", mark=""),
        gate(WEIGHT, base="keras.Model", mark=""),
        gate(WEIGHT, "    def call(self, inputs):\n        raise NotImplementedError", mark=""),
        "class Gate(layers.Layer):\n    pass",
        # Nothing to lose.
        gate("self.dense = layers.Dense(4)", mark=""),
        gate("self.parts = [layers.Dense(4) for _ in range(3)]", mark=""),
        gate("self.width = shape[-1]", mark=""),
        gate("if not self.inner.built: self.inner.build(shape)", mark=""),
        STAGES.replace("  # KLL202", ""),
    ],
)
def test_silent(source: str, keras: str) -> None:
    assert messages(CODE, source, keras) == []


@pytest.mark.parametrize("using", ["from keras import ops", "import keras_hub", "top = keras.ops.max"])
def test_silent_in_code_for_keras_3_alone(using: str) -> None:
    assert messages(CODE, f"{using}\n{gate(WEIGHT, mark='')}", "3") == []


@pytest.mark.parametrize(
    ("required", "is_told"),
    [
        ("keras>=3.1", False),
        ("tensorflow>=2.16", False),
        ("tensorflow>=2.4", True),
        ("keras", True),
        ("keras-core", True),
        ("", True),
    ],
)
def test_silent_where_keras_3_is_required(tmp_path: Path, required: str, is_told: bool) -> None:
    (tmp_path / "requirements.txt").write_text(required)
    (tmp_path / "pkg").mkdir()
    for name, text in {"setup.py": "", "pkg/__init__.py": "", "pkg/a.py": HEADER + gate(WEIGHT)}.items():
        (tmp_path / name).write_text(text)
    settings = Settings(keras=("3",), select=(CODE,), root=str(tmp_path), any_use=True)
    found = lint_paths([tmp_path], settings).diagnostics
    assert [one.severity.label for one in found] == (["note"] if is_told else [])


@pytest.mark.parametrize(
    "build",
    [
        "self.d = layers.Dense(4)",
        "self.d = [layers.Dense(4) for _ in range(2)]",
        "self.d = keras.layers.Conv2D(shape[-1], 3)",
        "self.d = {'a': layers.Dense(4), 'b': layers.LayerNormalization()}",
        "self.width = shape[-1]; self.d = layers.Dense(2 * self.width)",
    ],
)
def test_sublayers_of_keras_have_no_weights_yet(build: str) -> None:
    assert messages(CODE, gate(build, mark=""), "2") == []


@pytest.mark.parametrize(
    "build",
    [
        "self.d = layers.Dense(4); self.d.build(shape)",
        "self.d = layers.Dense(4); self.e = self.d(keras.Input((4,)))",
        "self.d = layers.Dense(4); " + WEIGHT,
        "self.d = make()",
        "self.d = layers.TimeDistributed(layers.Dense(4))",
    ],
)
def test_what_build_makes_may_have_weights(build: str) -> None:
    assert messages(CODE, "def make():\n    return unknown()\n" + gate(build), "2") == [K2_LOST]
