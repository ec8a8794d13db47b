"""A layer that is run in every way says of each whether it was run so, and if not, why."""

from __future__ import annotations

from pathlib import Path

from keras_layer_lint.confirm.probe import WAYS_OF_LAYERS, WAYS_OF_OBJECTS
from tests.confirm.conftest import claims_in, probe, ran
from tests.frameworks import needs

SOURCE = """\
import keras
from keras import ops


@keras.saving.register_keras_serializable("ways")
class Sound(keras.layers.Layer):
    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], 3), name="kernel")

    def call(self, inputs):
        return ops.matmul(inputs, self.kernel)


class NotCompiled(Sound):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_jit = False


class Forgetful(Sound):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def call(self, inputs):
        return super().call(inputs) * self.units

    def get_config(self):
        return super().get_config()


class Needy(Sound):
    def call(self, inputs):
        raise ValueError("never")


class Steep(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return ops.mean(ops.abs(y_true - y_pred))


class OfOtherOutputs(Steep):
    def call(self, y_true, y_pred):
        return ops.mean(ops.einsum("abc,abc->a", y_true, y_pred))
"""


def test_ways(tmp_path: Path) -> None:
    needs("3")
    (path := tmp_path / "ways.py").write_text(SOURCE, encoding="utf-8")
    claims = claims_in(path)
    assert claims.keys() == {"Forgetful"}
    names = ["Sound", "NotCompiled", "Forgetful", "Needy", "Steep", "OfOtherOutputs"]
    results, _ = ran([probe(path, name, claims.get(name, ()), everything=True) for name in names])
    ways = {result.probe.class_name: {way.oracle: way.reason for way in result.ways} for result in results}
    assert ways["Sound"] == dict.fromkeys(WAYS_OF_LAYERS, "")
    assert ways["NotCompiled"] == {
        **dict.fromkeys(WAYS_OF_LAYERS, ""),
        "xla": "the layer, or what it is called on, is not meant to be compiled",
    }
    spoken = {
        name for name, reason in ways["Forgetful"].items() if reason == "KLL302 would be the reason for what fails"
    }
    assert spoken == {"build", "reload"}
    assert all("never" in reason for reason in ways["Needy"].values()), ways["Needy"]
    assert set(ways["Needy"]) <= set(WAYS_OF_LAYERS)
    assert ways["Steep"] == dict.fromkeys(WAYS_OF_OBJECTS, "")
    assert ways["OfOtherOutputs"].keys() == set(WAYS_OF_OBJECTS)
    assert all(reason.startswith("no model could be trained with it: ") for reason in ways["OfOtherOutputs"].values())
