"""One spelling for each public name of Keras and TensorFlow."""

from __future__ import annotations

import re
from functools import cache

FRAMEWORKS = frozenset({"keras", "tensorflow", "tf_keras", "numpy", "jax", "torch", "flax", "scipy"})
"""Packages whose names are known: never looked for on disk, except from within themselves."""

_KERAS_ROOTS = re.compile(
    r"(?:tensorflow\.(?:_api\.v[12]\.|compat\.v[12]\.)*(?:python\.)?keras|tf_keras|tensorflow\.contrib\.keras|keras)"
    r"(?=\.|\Z)(?:\.api)?(?:\._v[12]\.keras)?(?:\.src)?"
)
_TENSORFLOW_ROOTS = re.compile(r"tensorflow(?:\._api\.v[12]|\.compat\.v[12])+(?=\.|\Z)")

_MOVED = {
    "Layer": "layers.Layer",
    "InputSpec": "layers.InputSpec",
    "layers.Input": "Input",
    "models.Model": "Model",
    "models.Sequential": "Sequential",
    "models.Functional": "Functional",
    "losses.Loss": "losses.Loss",
    "Loss": "losses.Loss",
    "Metric": "metrics.Metric",
    "Initializer": "initializers.Initializer",
    "Regularizer": "regularizers.Regularizer",
    "Optimizer": "optimizers.Optimizer",
    "utils.register_keras_serializable": "saving.register_keras_serializable",
    "utils.serialize_keras_object": "saving.serialize_keras_object",
    "utils.deserialize_keras_object": "saving.deserialize_keras_object",
    "utils.get_custom_objects": "saving.get_custom_objects",
    "utils.custom_object_scope": "saving.custom_object_scope",
    "utils.CustomObjectScope": "saving.CustomObjectScope",
    "saving.saving_lib.load_model": "models.load_model",
}
_PRIVATE_CLASSES = {
    "Layer": "layers.Layer",
    "BaseRandomLayer": "layers.Layer",
    "Model": "Model",
    "Sequential": "Sequential",
    "Functional": "Functional",
    "InputSpec": "layers.InputSpec",
    "Input": "Input",
    "Metric": "metrics.Metric",
    "Loss": "losses.Loss",
    "Variable": "Variable",
    "KerasVariable": "Variable",
    "SeedGenerator": "random.SeedGenerator",
    "KerasTensor": "KerasTensor",
    "Operation": "Operation",
}
_PRIVATE_MODULES = (
    "engine.",
    "models.",
    "layers.layer.",
    "layers.input_spec.",
    "layers.core.input_layer.",
    "trainers.",
)
SECTIONS = frozenset(
    {
        "activations",
        "backend",
        "callbacks",
        "constraints",
        "initializers",
        "layers",
        "losses",
        "metrics",
        "ops",
        "optimizers",
        "quantizers",
        "random",
        "regularizers",
        "saving",
        "tree",
        "utils",
    }
)
_TENSORFLOW_MODULES = {
    "array_ops": "",
    "array_ops_stack": "",
    "check_ops": "debugging.",
    "clip_ops": "",
    "cond": "",
    "control_flow_assert": "debugging.",
    "control_flow_ops": "",
    "embedding_ops": "nn.",
    "gen_array_ops": "",
    "gen_math_ops": "math.",
    "gen_nn_ops": "nn.",
    "image_ops": "image.",
    "init_ops": "",
    "init_ops_v2": "",
    "linalg_ops": "linalg.",
    "logging_ops": "",
    "map_fn": "",
    "math_ops": "math.",
    "nn": "nn.",
    "nn_impl": "nn.",
    "nn_ops": "nn.",
    "random_ops": "random.",
    "resource_variable_ops": "",
    "sparse_ops": "sparse.",
    "state_ops": "",
    "string_ops": "strings.",
    "tensor_array_ops": "",
    "variable_scope": "",
    "variables": "",
    "while_loop": "",
    # tensorflow.python.framework, .eager and .util
    "constant_op": "",
    "def_function": "",
    "dtypes": "",
    "nest": "nest.",
    "ops": "",
    "tensor_shape": "",
    "tensor_spec": "",
}
# Public only at the top level of TensorFlow.
_TOP_LEVEL = frozenset({"cast", "complex", "linspace", "matmul", "norm", "range", "saturate_cast", "tensordot", "eye"})


@cache
def canonical(name: str) -> str:
    """Spell an absolute dotted name the one way that tables use.

    Every path to a Keras object of either generation becomes `keras.layers.Dense`, `keras.Model`, `keras.Input`,
    `keras.saving.register_keras_serializable`; `tensorflow.compat.v1.X` and `.v2.X` become `tensorflow.X`.
    """
    found = _KERAS_ROOTS.match(name)
    if found:
        rest = name[found.end() + 1 :]
        return f"keras.{_public_keras(rest)}" if rest else "keras"
    name = _TENSORFLOW_ROOTS.sub("tensorflow", name, count=1)
    if name.startswith("tensorflow.python."):
        return _public_tensorflow(name)
    return name


def _public_keras(rest: str) -> str:
    rest = rest.removeprefix("__internal__.").removeprefix("legacy.")
    if rest in _MOVED:
        return _MOVED[rest]
    parts = rest.split(".")
    capital = next((i for i, part in enumerate(parts) if part[:1].isupper()), None)
    if capital is not None:
        tail = ".".join(parts[capital:])
        if rest.startswith(_PRIVATE_MODULES) and parts[capital] in _PRIVATE_CLASSES:
            return ".".join([_PRIVATE_CLASSES[parts[capital]], *parts[capital + 1 :]])
        if parts[0] == "backend" and parts[capital] in ("Variable", "KerasTensor", "KerasVariable"):
            return ".".join([_PRIVATE_CLASSES[parts[capital]], *parts[capital + 1 :]])
    else:
        tail = parts[-1]
    if parts[0] not in SECTIONS or len(parts) == 1:
        return rest
    if parts[0] == "optimizers" and "schedules" in parts[1:-1]:
        return f"optimizers.schedules.{tail}"
    short = f"{parts[0]}.{tail}"
    return _MOVED.get(short, short)


def _public_tensorflow(name: str) -> str:
    module, _, last = name.rpartition(".")
    prefix = _TENSORFLOW_MODULES.get(module.rpartition(".")[2])
    if prefix is None or last in _TENSORFLOW_MODULES:
        return name
    if last in _TOP_LEVEL:
        prefix = ""
    return f"tensorflow.{prefix}{last}"
