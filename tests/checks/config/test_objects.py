"""The serialization rules on losses, metrics, initializers, regularizers, constraints, schedules and optimizers."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths, lint_source
from tests.checks.cases import HEADER

BASES = {
    "losses.Loss": "call",
    "metrics.Metric": "result",
    "initializers.Initializer": "__call__",
    "constraints.Constraint": "__call__",
    "regularizers.Regularizer": "__call__",
    "optimizers.schedules.LearningRateSchedule": "__call__",
    "optimizers.Optimizer": "update_step",
}
OBJECT = """
class Thing(keras.{base}):
    def __init__(self, {parameters}):
        super().__init__({passed})
        self.gain = gain

    def {method}(self, *args, **kwargs):
        return self.gain
"""
SILENT = "a reload silently brings the default"
RAISES = "saving raises NotImplementedError"


def codes(base: str, parameters: str, keras: str, config: str = "", passed: str = "") -> list[tuple[str, str, str]]:
    """Code, severity and the end of the message of each diagnostic."""
    source = OBJECT.format(base=base, parameters=parameters, method=BASES[base], passed=passed)
    if config:
        source += f"\n    def get_config(self):\n        {config}\n"
    found = lint_source(HEADER + source, "example.py", Settings(keras=(keras,)))
    return [(d.code, d.severity.label, d.message.rpartition(": ")[2]) for d in found]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("losses.Loss", ("warning", SILENT)),
        ("metrics.Metric", ("warning", SILENT)),
        ("initializers.Initializer", ("warning", SILENT)),
        ("constraints.Constraint", ("warning", SILENT)),
        ("optimizers.Optimizer", ("warning", SILENT)),
        ("regularizers.Regularizer", ("error", RAISES)),
        ("optimizers.schedules.LearningRateSchedule", ("error", RAISES)),
    ],
)
def test_no_config(base: str, expected: tuple[str, str], keras: str) -> None:
    assert codes(base, "gain=1.0, **kwargs", keras, passed="**kwargs") == [("KLL301", *expected)]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "base", ["losses.Loss", "metrics.Metric", "initializers.Initializer", "constraints.Constraint"]
)
def test_no_config_for_a_required_argument(base: str, keras: str) -> None:
    assert codes(base, "gain", keras) == [("KLL301", "error", "loading raises TypeError")]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("base", BASES)
def test_config_of_another_shape(base: str, keras: str) -> None:
    parameters, passed = "gain=1.0, bias=0.0, **kwargs", "**kwargs"
    found = codes(base, parameters, keras, 'return {"gain": self.gain, "name": "x", "dtype": "float32"}', passed)
    assert [code for code, *_ in found if code != "KLL303"] == []  # `bias` is not used
    found = codes(base, parameters, keras, 'return {"gain": self.gain}', passed)
    assert [code for code, *_ in found if code != "KLL304"] == []
    found = codes(base, "gain=1.0", keras, 'return {"gain": self.gain, "other": 1}')
    assert found == [("KLL303", "error", "loading raises TypeError")]
    found = codes(base, "gain, name=None, dtype=None", keras, 'return {"name": 1, "dtype": 1}', "name=name")
    assert [code for code, *_ in found if code == "KLL302"] == ["KLL302"]
    found = codes(base, "gain=1.0, name=None, dtype=None", keras, 'return {"gain": self._gain, "name": 1, "dtype": 1}')
    assert [code for code, *_ in found if code == "KLL310"] == ["KLL310"]
    found = codes(base, "gain=1.0, **kwargs", keras, "pass", passed)
    assert [code for code, *_ in found] == ["KLL305"]


def test_base_config_that_init_does_not_take() -> None:
    config = 'return {**super().get_config(), "gain": self.gain}'
    expected = [("KLL303", "error", "loading raises TypeError")]
    assert codes("losses.Loss", "gain=1.0", "3", config) == expected
    assert codes("metrics.Metric", "gain=1.0", "2", config) == expected
    assert codes("initializers.Initializer", "gain=1.0", "3", config) == []
    assert codes("losses.Loss", "gain=1.0, name=None, reduction='none'", "3", config) == []


def test_metric_without_the_base_config() -> None:
    config = 'return {"gain": self.gain}'
    (found,) = codes("metrics.Metric", "gain=1.0, **kwargs", "3", config, "**kwargs")
    assert found[0] == "KLL304"
    assert codes("metrics.Metric", "gain=1.0", "3", config) == []
    assert codes("losses.Loss", "gain=1.0, **kwargs", "3", config, "**kwargs") == []


@pytest.mark.parametrize("base", sorted(BASES.keys() - {"optimizers.Optimizer"}))
def test_left_to_subclasses(base: str) -> None:
    source = OBJECT.format(base=base, parameters="gain", method="helper", passed="")
    assert lint_source(HEADER + source, "example.py", Settings(keras=("3",))) == ()


def test_rules_of_layers_do_not_hold() -> None:
    source = """
    class Focal(keras.losses.Loss):
        def build(self, input_shape):
            self.scale = self.add_weight(shape=input_shape)

        def call(self, y_true, y_pred, training=True):
            return y_pred - y_true


    class Log(keras.callbacks.Callback):
        def __init__(self, every):
            super().__init__()
            self.every = every

        def call(self, inputs):
            if tf.reduce_sum(inputs) > 0:
                return inputs.numpy()
    """
    assert lint_source(HEADER + textwrap.dedent(source), "example.py", Settings(keras=("3",))) == ()


def test_objects_are_not_counted_as_layers(tmp_path: Path) -> None:
    source = OBJECT.format(base="losses.Loss", parameters="gain", method="call", passed="")
    (tmp_path / "losses.py").write_text(HEADER + source, encoding="utf-8")
    report = lint_paths([tmp_path], Settings(keras=("3",), root=str(tmp_path)))
    assert report.layers == 0
    assert [diagnostic.code for diagnostic in report.diagnostics] == ["KLL301"]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("base", [base for base in BASES if base != "optimizers.Optimizer"])
def test_key_that_the_base_does_not_take(base: str, keras: str) -> None:
    config = 'return {"gain": self.gain, "shift": 1}'
    expected = ("KLL303", "error", "loading raises an error")
    assert expected in codes(base, "gain=1.0, **kwargs", keras, config, "**kwargs")
    bare = f"""
class Thing(keras.{base}):
    def {BASES[base]}(self, *args, **kwargs):
        return 1

    def get_config(self):
        return {{"shift": 1}}
"""
    found = lint_source(HEADER + bare, "example.py", Settings(keras=(keras,), select=("KLL303",)))
    assert [d.message.rpartition(", ")[2] for d in found] == [
        f"which `{base.rpartition('.')[2]}` does not take: loading raises an error"
    ]
