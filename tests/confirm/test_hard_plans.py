"""Layers that work for few values, or run for ever in eager mode: their findings are decided all the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from keras_layer_lint.confirm.probe import FoundCall
from tests.confirm.conftest import claims_in, probe, ran
from tests.frameworks import needs

ENDLESS = """\
import keras
import numpy as np
from keras import ops


class Settle(keras.layers.Layer):
    def call(self, inputs):
        outputs = inputs
        while ops.max(outputs) < 2.0:
            outputs = outputs * 0.5
        if ops.mean(outputs) > 0:
            outputs = outputs + 1
        return outputs


class Spin(keras.layers.Layer):
    def call(self, inputs):
        centred = inputs - np.mean(inputs)
        while True:
            pass
        return centred
"""
CONVERTED = """\
import tensorflow as tf
import tf_keras as keras


class Settle(keras.layers.Layer):
    def call(self, inputs):
        outputs = inputs
        while tf.reduce_max(outputs) < 2.0:
            outputs = outputs * 0.5
        if tf.reduce_mean(outputs) > 0:
            scaled = outputs + 1
        return scaled


class Below(keras.layers.Layer):
    def call(self, inputs):
        if tf.reduce_mean(inputs) < 0.0:
            residual = inputs
        while True:
            inputs = inputs * 0.5
            if tf.reduce_max(inputs) < 1.0:
                break
        return inputs + residual

    def get_config(self):
        config = super().get_config()
        config.update({"depth": 2})
"""


@pytest.mark.parametrize(("keras", "source"), [("3", ENDLESS), ("2", CONVERTED)])
def test_every_finding_is_confirmed(keras: str, source: str, tmp_path: Path) -> None:
    needs(keras)
    path = tmp_path / "layers.py"
    path.write_text(source, encoding="utf-8")
    found, _ = ran([probe(path, name, claims, keras) for name, claims in claims_in(path, keras).items()], 240)
    told = [
        (claim.code, verdict)
        for result in found
        for claim, verdict in zip(result.probe.claims, result.verdicts, strict=True)
    ]
    assert len(told) == (3 if keras == "3" else 4)
    assert [(code, verdict) for code, verdict in told if verdict.status != "confirmed"] == []


GUARDED = """\
import keras
from keras import ops


class Pooled(keras.layers.Layer):
    def __init__(self, units, how="mean", rate=0.0, **kwargs):
        super().__init__(**kwargs)
        self.units, self.how, self._rate = units, how, rate

    def call(self, inputs, training=None):
        if self.how == "sum":
            return ops.sum(inputs, axis=-1)
        elif self.how == "norm":
            if self._rate > 0 and training:
                if ops.mean(inputs) > 0.5:
                    return inputs * self._rate
            return inputs
        return ops.mean(inputs, axis=-1)
"""


def test_a_line_under_several_conditions_is_reached(tmp_path: Path) -> None:
    needs("3")
    path = tmp_path / "layers.py"
    path.write_text(GUARDED, encoding="utf-8")
    claims = claims_in(path, "3")["Pooled"]
    assert [claim.code for claim in claims] == ["KLL101"]
    calls = (FoundCall(arguments="units=4, how='sum'", place="train.py:1", inputs="float32[5,8]"),)
    (result,), _ = ran([replace(probe(path, "Pooled", claims, "3"), calls=calls)], 240)
    (verdict,) = result.verdicts
    assert verdict.status == "confirmed"
    assert (result.arguments, verdict.arguments) == ("units=4, how='sum'", "units=4, how='norm', rate=0.25")
