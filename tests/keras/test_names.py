from __future__ import annotations

import pytest

from keras_layer_lint.keras.kinds import kind_of_known
from keras_layer_lint.keras.layers import builtin_layer
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.target import Generation


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("keras.layers.Dense", "keras.layers.Dense"),
        ("tensorflow.keras.layers.Dense", "keras.layers.Dense"),
        ("tensorflow.python.keras.layers.Dense", "keras.layers.Dense"),
        ("tensorflow.python.keras.layers.core.Dense", "keras.layers.Dense"),
        ("tensorflow.compat.v1.keras.layers.Dense", "keras.layers.Dense"),
        ("tensorflow.compat.v2.keras.layers.Dense", "keras.layers.Dense"),
        ("tensorflow._api.v2.compat.v2.keras.layers.Dense", "keras.layers.Dense"),
        ("tf_keras.layers.Dense", "keras.layers.Dense"),
        ("tf_keras.src.layers.core.dense.Dense", "keras.layers.Dense"),
        ("keras.src.layers.core.dense.Dense", "keras.layers.Dense"),
        ("keras.api._v2.keras.layers.Dense", "keras.layers.Dense"),
        ("keras.layers.experimental.preprocessing.Rescaling", "keras.layers.Rescaling"),
        ("keras.layers.Dense.from_config", "keras.layers.Dense.from_config"),
        ("keras.engine.base_layer.Layer", "keras.layers.Layer"),
        ("tensorflow.python.keras.engine.training.Model", "keras.Model"),
        ("keras.src.layers.layer.Layer", "keras.layers.Layer"),
        ("keras.Layer", "keras.layers.Layer"),
        ("keras.models.Model", "keras.Model"),
        ("keras.src.models.functional.Functional", "keras.Functional"),
        ("keras.layers.Input", "keras.Input"),
        ("keras.layers.InputSpec", "keras.layers.InputSpec"),
        ("keras.InputSpec", "keras.layers.InputSpec"),
        ("keras.engine.input_spec.InputSpec", "keras.layers.InputSpec"),
        ("tf_keras.utils.register_keras_serializable", "keras.saving.register_keras_serializable"),
        (
            "keras.src.saving.object_registration.register_keras_serializable",
            "keras.saving.register_keras_serializable",
        ),
        ("tf_keras.optimizers.legacy.Adam", "keras.optimizers.Adam"),
        ("keras.optimizers.schedules.CosineDecay", "keras.optimizers.schedules.CosineDecay"),
        ("keras.src.optimizers.schedules.learning_rate_schedule.CosineDecay", "keras.optimizers.schedules.CosineDecay"),
        ("keras.src.ops.numpy.mean", "keras.ops.mean"),
        ("keras.src.backend.common.variables.Variable", "keras.Variable"),
        ("keras.src.random.seed_generator.SeedGenerator", "keras.random.SeedGenerator"),
        ("keras.activations.relu", "keras.activations.relu"),
        ("keras.applications.resnet.ResNet50", "keras.applications.resnet.ResNet50"),
        ("keras", "keras"),
        ("tensorflow.keras", "keras"),
        ("keras_hub.layers.X", "keras_hub.layers.X"),
        ("tensorflow.keras_thing.X", "tensorflow.keras_thing.X"),
        ("tensorflow.compat.v1.reduce_sum", "tensorflow.reduce_sum"),
        ("tensorflow.compat.v1", "tensorflow"),
        ("tensorflow.python.ops.math_ops.reduce_sum", "tensorflow.math.reduce_sum"),
        ("tensorflow.python.ops.math_ops.cast", "tensorflow.cast"),
        ("tensorflow.python.ops.array_ops.concat", "tensorflow.concat"),
        ("tensorflow.python.framework.ops.convert_to_tensor", "tensorflow.convert_to_tensor"),
        ("numpy.mean", "numpy.mean"),
        # What two tables by hand once disagreed on, and what neither knew.
        ("tensorflow.python.ops.math_ops.to_float", "tensorflow.to_float"),
        ("tensorflow.python.ops.math_ops.div", "tensorflow.div"),
        ("tensorflow.python.ops.random_ops.random_uniform", "tensorflow.random.uniform"),
        ("tensorflow.python.ops.random_ops.random_crop", "tensorflow.image.random_crop"),
        ("tensorflow.python.framework.ops.Tensor", "tensorflow.Tensor"),
        ("tensorflow.python.framework.dtypes.float32", "tensorflow.float32"),
        ("tensorflow.python.ops.control_flow_ops.cond", "tensorflow.cond"),
        ("tensorflow.python.ops.math_ops", "tensorflow.python.ops.math_ops"),
        ("keras.src.backend.tensorflow.numpy.mean", "keras.ops.mean"),
        ("keras.src.backend.numpy.mean", "keras.ops.mean"),
        ("keras.src.backend.shape", "keras.ops.shape"),
        ("keras.backend.shape", "keras.backend.shape"),
        ("keras.src.backend", "keras.src.backend"),
        ("keras.src.backend.floatx", "keras.backend.floatx"),
        ("keras.ops.image.resize", "keras.ops.image.resize"),
        ("keras.src.ops.image.resize", "keras.ops.image.resize"),
        ("keras_core.layers.Dense", "keras.layers.Dense"),
        ("keras_core.ops.mean", "keras.ops.mean"),
        ("tf_keras.src.utils.control_flow_util.smart_cond", "keras.utils.smart_cond"),
    ],
)
def test_canonical(name: str, expected: str) -> None:
    assert canonical(name) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("keras.layers.Layer", "layer"),
        ("keras.layers.LSTMCell", "layer"),
        ("keras.layers.InputSpec", None),
        ("keras.layers.add", None),
        ("keras.Input", None),
        ("keras.Model", "model"),
        ("keras.Sequential", "model"),
        ("keras.losses.Loss", "loss"),
        ("keras.optimizers.schedules.CosineDecay", "schedule"),
        ("keras_hub.models.Backbone", "model"),
        ("keras_hub.models.BertTextClassifierPreprocessor", "layer"),
        ("keras_hub.src.layers.modeling.rotary_embedding.RotaryEmbedding", "layer"),
        ("tensorflow_addons.layers.wrappers.WeightNormalization", "layer"),
        ("tensorflow.Module", None),
        ("torch.nn.Module", None),
        ("numpy.mean", None),
    ],
)
def test_kind_of_known(name: str, kind: str | None) -> None:
    found = kind_of_known(name)
    assert (found.value if found else None) == kind


def test_builtin_layers() -> None:
    dense = builtin_layer("keras.layers.Dense", Generation.KERAS3)
    assert dense is not None
    assert dense.parameters[:2] == ("units", "activation")
    assert dense.required == ("units",)
    assert dense.config is not None
    assert {"units", "name", "trainable", "dtype"} <= set(dense.config)
    assert (dense.has_weights, dense.one_tensor, dense.defines_build) == (True, True, True)
    bases = {
        (name, generation.value): facts.config
        for name in ("keras.layers.Layer", "keras.Model")
        for generation in Generation
        if (facts := builtin_layer(name, generation))
    }
    assert bases == {
        ("keras.layers.Layer", "2"): ("dtype", "name", "trainable"),
        ("keras.layers.Layer", "3"): ("dtype", "name", "trainable"),
        ("keras.Model", "2"): (),
        ("keras.Model", "3"): ("dtype", "name", "trainable"),
    }
    assert builtin_layer("keras.layers.LocallyConnected1D", Generation.KERAS3) is None
    dropouts = [builtin_layer("keras.layers.Dropout", generation) for generation in Generation]
    assert dropouts[0] != dropouts[1]
