"""Tables about Keras: one spelling for each public name, what kind of class a name is, what built-in layers take.

Measured with TensorFlow 2.21.0, tf_keras 2.21.0 (generation "2") and Keras 3.15.1 (generation "3"). The table of the
built-in layers, `keras_layers.json`, is written by `tools/write_keras_tables.py` from what those versions say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

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
_SECTIONS = frozenset(
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
    if parts[0] not in _SECTIONS or len(parts) == 1:
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


class ClassKind(Enum):
    """What a class is to Keras."""

    LAYER = "layer"
    MODEL = "model"
    LOSS = "loss"
    METRIC = "metric"
    INITIALIZER = "initializer"
    REGULARIZER = "regularizer"
    CONSTRAINT = "constraint"
    SCHEDULE = "schedule"
    CALLBACK = "callback"
    OPTIMIZER = "optimizer"
    OTHER = "other"
    """Another class of Keras, such as a data set for `fit`."""


_KINDS = {
    "keras.layers": ClassKind.LAYER,
    "keras.losses": ClassKind.LOSS,
    "keras.metrics": ClassKind.METRIC,
    "keras.initializers": ClassKind.INITIALIZER,
    "keras.regularizers": ClassKind.REGULARIZER,
    "keras.constraints": ClassKind.CONSTRAINT,
    "keras.callbacks": ClassKind.CALLBACK,
    "keras.optimizers": ClassKind.OPTIMIZER,
    "keras.optimizers.schedules": ClassKind.SCHEDULE,
    "keras.utils": ClassKind.OTHER,
    # Classes of TensorFlow 1 and of other packages that derive from these kinds.
    "tensorflow.layers": ClassKind.LAYER,
    "tensorflow.nn.rnn_cell": ClassKind.LAYER,
    "deepctr.layers": ClassKind.LAYER,
    "keras_contrib.layers": ClassKind.LAYER,
    "keras_cv.layers": ClassKind.LAYER,
    "keras_cv.losses": ClassKind.LOSS,
    "keras_cv.models": ClassKind.MODEL,
    "keras_hub.layers": ClassKind.LAYER,
    "keras_hub.metrics": ClassKind.METRIC,
    "keras_hub.models": ClassKind.MODEL,
    "keras_hub.tokenizers": ClassKind.LAYER,
    "keras_nlp.layers": ClassKind.LAYER,
    "keras_nlp.metrics": ClassKind.METRIC,
    "keras_nlp.models": ClassKind.MODEL,
    "keras_nlp.tokenizers": ClassKind.LAYER,
    "official.nlp.modeling.layers": ClassKind.LAYER,
    "official.nlp.modeling.models": ClassKind.MODEL,
    "official.nlp.modeling.networks": ClassKind.MODEL,
    "official.vision.modeling.layers": ClassKind.LAYER,
    "spektral.layers": ClassKind.LAYER,
    "tensorflow_addons.layers": ClassKind.LAYER,
    "tensorflow_addons.losses": ClassKind.LOSS,
    "tensorflow_addons.metrics": ClassKind.METRIC,
    "tensorflow_addons.optimizers": ClassKind.OPTIMIZER,
    "tensorflow_addons.rnn": ClassKind.LAYER,
    "tensorflow_models.nlp.layers": ClassKind.LAYER,
    "tensorflow_models.nlp.models": ClassKind.MODEL,
    "tensorflow_models.nlp.networks": ClassKind.MODEL,
    "tensorflow_models.vision.layers": ClassKind.LAYER,
    "tensorflow_probability.layers": ClassKind.LAYER,
    "tensorflow_recommenders.layers": ClassKind.LAYER,
    "tensorflow_recommenders.metrics": ClassKind.METRIC,
    "tensorflow_recommenders.models": ClassKind.MODEL,
    "tensorflow_recommenders.tasks": ClassKind.LAYER,
}
_KNOWN_CLASSES = {
    "keras.Model": ClassKind.MODEL,
    "keras.Sequential": ClassKind.MODEL,
    "keras.Functional": ClassKind.MODEL,
    "keras.layers.InputSpec": None,
    "keras.optimizers.schedules": None,
    "keras.Variable": ClassKind.OTHER,
    "tensorflow_hub.KerasLayer": ClassKind.LAYER,
    "tensorflow_recommenders.Model": ClassKind.MODEL,
    "tensorflow_model_optimization.quantization.keras.QuantizeWrapper": ClassKind.LAYER,
    "tensorflow_model_optimization.quantization.keras.QuantizeWrapperV2": ClassKind.LAYER,
    "transformers.TFPreTrainedModel": ClassKind.MODEL,
    "transformers.modeling_tf_utils.TFPreTrainedModel": ClassKind.MODEL,
}
ROOT_CLASSES = frozenset(
    """keras.layers.Layer keras.Model keras.Sequential keras.Functional keras.losses.Loss keras.metrics.Metric
    keras.callbacks.Callback keras.optimizers.Optimizer keras.initializers.Initializer keras.regularizers.Regularizer
    keras.constraints.Constraint keras.optimizers.schedules.LearningRateSchedule""".split()
)
"""The classes that users derive from. Where Keras itself is read, they are not looked at, what derives from them is."""

_NOT_A_MODEL = re.compile(r"Tokenizer|Preprocessor|Converter|Generator\Z")


def kind_of_known(name: str) -> ClassKind | None:
    """Tell what a class of Keras, or of a package that builds on it, is by canonical name; None for any other."""
    if name in _KNOWN_CLASSES:
        return _KNOWN_CLASSES[name]
    module, _, last = name.rpartition(".")
    if not last[:1].isupper():
        return None
    kind = _KINDS.get(module)
    if kind is None and module.startswith(("keras_hub.", "keras_nlp.", "keras_cv.", "official.", "tensorflow_addons.")):
        # A private path to the same class, such as keras_hub.src.layers.modeling.x.X.
        parts = [part for part in module.split(".") if part != "src"]
        for length in range(len(parts) - 1, 1, -1):
            kind = _KINDS.get(".".join(parts[:length]))
            if kind is not None:
                break
    if kind is ClassKind.MODEL and _NOT_A_MODEL.search(last):
        return ClassKind.LAYER
    return kind


def is_exported(module: str, name: str) -> bool:
    """Whether `from module import *`, of a Keras module by canonical name, certainly binds a name."""
    if module == "keras":
        return name in _SECTIONS or name in ("models", "applications", "Model", "Sequential", "Input", "Layer")
    return canonical(f"{module}.{name}") in builtin_layers()


@dataclass(frozen=True, slots=True)
class BuiltinLayer:
    """A public layer class of one Keras generation."""

    parameters: tuple[str, ...]
    """Names of the parameters of its `__init__` without `self`; `*name` and `**name` where it takes more."""
    required: tuple[str, ...]
    config: tuple[str, ...] | None
    """Keys of its `get_config()`, None where no instance could be made to ask."""
    has_weights: bool | None
    """Whether an instance has variables once built, seeds of random layers included; None where it was not built."""
    one_tensor: bool | None
    """Whether calling it gives one tensor with default arguments; None where it was not called."""
    defines_build: bool
    """Whether it makes something in a `build` of its own, which a subclass's `build` has to call."""


@cache
def builtin_layers() -> Mapping[str, Mapping[str, BuiltinLayer]]:
    """Load the facts on `keras.layers`, `Model` and `Sequential`: canonical name to generation ("2", "3") to facts."""
    data = json.loads(Path(__file__).with_name("keras_layers.json").read_text(encoding="utf-8"))
    return {
        name: {
            keras: BuiltinLayer(
                parameters=tuple(facts["parameters"]),
                required=tuple(facts["required"]),
                config=None if facts["config"] is None else tuple(facts["config"]),
                has_weights=facts["has_weights"],
                one_tensor=facts["one_tensor"],
                defines_build=facts["defines_build"],
            )
            for keras, facts in generations.items()
        }
        for name, generations in data.items()
    }


def builtin_layer(name: str, keras: str) -> BuiltinLayer | None:
    """Facts on a built-in layer by canonical name, None where that generation has none of the name."""
    return builtin_layers().get(name, {}).get(keras)
