"""KLL218: what was meant to be `call`, and calls of layers without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from tests.checks.cases import HEADER, assert_silent, assert_told, write

LAYER = "hands its inputs through as they are"
RAISES = "raises NotImplementedError when it is called"

REPORTED = [
    # base, name of the method in place of `call`, how the message ends in Keras 2 and in Keras 3
    ("layers.Layer", "forward", LAYER, RAISES),
    ("layers.Layer", "Call", LAYER, RAISES),
    ("layers.Layer", "calls", LAYER, RAISES),
    ("layers.Layer", "_call", LAYER, RAISES),
    ("Model", "forward", RAISES, RAISES),
    ("Model", "cal", RAISES, RAISES),
]


def subject(method: str, base: str = "keras.layers.Layer", more: str = "", body: str = "") -> str:
    return f"""\
class Subject({base}):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4)
{body}
    def {method}(self, inputs):  # here
        return self.dense(inputs)

{more}
"""


NESTED = """\
        if self.dense.units:

            def call(self, inputs):
                return self.dense(inputs)
"""


@pytest.mark.parametrize(("base", "method", "keras_2", "keras_3"), REPORTED)
def test_misnamed(base: str, method: str, keras_2: str, keras_3: str) -> None:
    assert_told("KLL218", subject(method, f"keras.{base}"), keras_2, keras_3)


def test_nested() -> None:
    source = subject("helper", body=NESTED).replace("  # here", "").replace("call(self, inputs):", "{}  # here")
    assert_told("KLL218", source.format("call(self, inputs):"), LAYER, RAISES)


SILENT = [
    subject("call"),
    subject("__call__"),
    subject("recall"),
    subject("cell"),
    subject("forward", more="    call = forward\n"),
    subject("forward", more="    def call(self, inputs):\n        return self.forward(inputs)\n"),
    subject("forward", more="    def score(self, inputs):\n        return self.forward(inputs)\n"),
    subject("forward", body="        self.call = self.dense\n"),
    subject("forward", body="        setattr(self, self.dense.name, self.dense)\n"),
    subject("forward", base="keras.layers.Dense"),
    subject("forward", base="Unknown"),
    subject("forward", base="keras.losses.Loss"),
    subject("forward", more="class Other(Subject):\n    def call(self, inputs):\n        return inputs\n"),
    "class Calling:\n    def call(self, inputs):\n        return inputs\n\n\n"
    + subject("forward", base="Calling, keras.layers.Layer"),
    "def calling(cls):\n    cls.call = cls.forward\n    return cls\n\n\n@calling\n" + subject("forward"),
    "from somewhere import calling\n\n\n@calling\n" + subject("forward"),
    "import torch\n\n\n" + subject("forward"),
    subject("forward").replace("Subject", "BaseBlock"),
    subject("forward").replace("(self, inputs)", "(inputs)"),
    subject("forward").replace("    def forward", "    @staticmethod\n    def forward"),
    subject("helper", body=NESTED + "        self.run = call\n"),
    subject("helper", body=NESTED.replace("def call", "@tf.function\n            def call")),
    subject("call", body=NESTED),
]


@pytest.mark.parametrize("source", SILENT)
def test_silent(source: str) -> None:
    assert_silent("KLL218", source.replace("  # here", ""))


def test_functional_model() -> None:
    source = """\
class Subject(keras.Model):
    def __init__(self):
        inputs = keras.Input((4,))
        super().__init__(inputs, layers.Dense(1)(inputs))

    def forward(self, inputs):
        return inputs
"""
    assert_silent("KLL218", source)


AROUND = """\
class Inner({base}):
{body}

class Subject(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = Inner()

    def call(self, inputs):
        return self.inner(inputs)  # here
"""
EMPTY = "    pass\n"


def test_called() -> None:
    told = "`self.inner` is called, and `Inner` has no `call`: Keras 3 raises NotImplementedError"
    assert_told("KLL218", AROUND.format(base="layers.Layer", body=EMPTY), "", told)
    built = "    def build(self, input_shape):\n        super().build(input_shape)\n"
    assert_told("KLL218", AROUND.format(base="layers.Layer", body=built), "", told)


CALLED = [
    ("layers.Activation", EMPTY),
    ("layers.Layer", "    call = staticmethod(abs)\n"),
    ("layers.Layer", "    def __call__(self, inputs):\n        return inputs\n"),
    ("layers.Layer", "    def __getattr__(self, name):\n        return abs\n"),
    ("Unknown", EMPTY),
    ("keras.Model", EMPTY),
]


@pytest.mark.parametrize(("base", "body"), CALLED)
def test_called_silent(base: str, body: str) -> None:
    assert_silent("KLL218", AROUND.format(base=base, body=body).replace("  # here", ""))


def test_one_finding_for_one_slip() -> None:
    inner = "    def forward(self, inputs):  # here\n        return inputs\n"
    source = AROUND.format(base="layers.Layer", body=inner).replace("(inputs)  # here", "(inputs)")
    assert_told("KLL218", source, LAYER, RAISES)


def test_used_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "example"\n', encoding="utf-8")
    write(tmp_path, {"use.py": "def score(layer, inputs):\n    return layer.forward(inputs)\n"})
    path = tmp_path / "layers.py"
    path.write_text(HEADER + subject("forward").replace("  # here", ""), encoding="utf-8")
    settings = Settings(keras=("3",), select=("KLL218",))
    assert lint_paths([path], settings).diagnostics == ()
    (tmp_path / "use.py").unlink()
    assert [found.code for found in lint_paths([path], settings).diagnostics] == ["KLL218"]
