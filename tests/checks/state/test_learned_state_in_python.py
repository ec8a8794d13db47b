"""KLL406: attributes that `adapt` computes from data, and that nothing saves."""

from __future__ import annotations

import textwrap

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

LOST = "once loaded, the layer computes with what `__init__` sets"
CALL = "x = x - self.center"

REPORTED = [
    "self.center = float(np.mean(data))  # here",
    "self.center = np.mean(np.asarray(data), axis=0)  # here",
    "self.center = [float(each) for each in np.quantile(data, [0.1, 0.9])]  # here",
    "values = np.asarray(data)\nself.center = values.mean()  # here",
    "self.center = tf.reduce_mean(data)  # here",
    "self.center = {'low': np.min(data)}  # here",
    "self.count = len(data)\nself.center = np.sum(data)  # here",
]

SILENT = [
    "self.center = 1.0",
    "self.w.assign(np.mean(data))",
    "self.center = self.add_weight(name='center', shape=())",
    "self.center = tf.Variable(np.mean(data))",
    "self.center = layers.Dense(len(data))",
    "self.center = unknown(data)",
    "self.other = np.mean(data)",
    "center = np.mean(data)",
    "self.units = len(data)\nself.center = np.mean(data)",  # `units` is in the config
]


def learning(body: str, name: str = "adapt", more: str = "", **parts: str) -> str:
    method = f"def {name}(self, data, steps=None):\n{textwrap.indent(body, '    ')}\n{more}"
    return layer(CALL, init="self.center = 0.0", methods=method, **parts)


@pytest.mark.parametrize("body", REPORTED)
def test_reported(body: str) -> None:
    assert_told("KLL406", learning(body), LOST, LOST)


@pytest.mark.parametrize("name", ["fit", "learn", "calibrate"])
def test_other_methods(name: str) -> None:
    assert_told("KLL406", learning(REPORTED[0], name), LOST, LOST)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL406", learning(body))


@pytest.mark.parametrize(
    "more",
    [
        "\ndef save_own_variables(self, store):\n    store['center'] = self.center\n",
        "\ndef get_state(self):\n    return self.center\n",
        "\ndef export(self):\n    return vars(self)\n",
    ],
)
def test_saved_beside_the_config(more: str) -> None:
    assert_silent("KLL406", learning("self.center = np.mean(data)", more=more))


HELPER = "\ndef helper(self, {given}):\n    self.center = {value}\n"


@pytest.mark.parametrize(
    ("call", "given", "value", "is_told"),
    [
        ("self.helper(data)", "values", "float(np.mean(values))  # here", True),
        ("self.helper(1.0, rows=np.asarray(data))", "scale, rows", "scale * np.mean(rows)  # here", True),
        ("self.helper(len(self.blocks))", "count", "1.0 / count", False),
        ("self.helper(data, 1.0)", "values, scale", "scale * 2.0", False),
    ],
)
def test_helper(call: str, given: str, value: str, is_told: bool) -> None:
    source = learning(call, more=HELPER.format(given=given, value=value))
    if is_told:
        assert_told("KLL406", source, LOST, LOST)
    else:
        assert_silent("KLL406", source)


@pytest.mark.parametrize("name", ["set_center", "reset", "update"])
def test_setters_are_no_learning(name: str) -> None:
    assert_silent("KLL406", learning("self.center = np.mean(data)", name))


@pytest.mark.parametrize("base", ["Model", "layers.Normalization", "layers.Layer, unknown.Base"])
def test_classes_that_save_in_other_ways(base: str) -> None:
    assert_silent("KLL406", learning("self.center = np.mean(data)", base=base))


def test_layer_that_call_does_not_ask() -> None:
    method = "def adapt(self, data):\n    self.center = np.mean(data)\n"
    assert_silent("KLL406", layer(methods=method))
