"""Layers that work for few values, or run for ever in eager mode: their findings are decided all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

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
