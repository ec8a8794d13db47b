"""One spelling for each public name of Keras and TensorFlow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from keras_layer_lint.keras.tables import read_table

FRAMEWORKS = frozenset({"keras", "tensorflow", "tf_keras", "numpy", "jax", "torch", "flax", "scipy"})
"""Packages whose names are known: never looked for on disk, except from within themselves."""

_KERAS_ROOTS = re.compile(
    r"(?:tensorflow\.(?:_api\.v[12]\.|compat\.v[12]\.)*(?:python\.)?keras|tf_keras|tensorflow\.contrib\.keras|keras_core|keras)"
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
_KERAS_3_BACKEND = {
    "core": "ops",
    "image": "ops.image",
    "linalg": "ops",
    "math": "ops",
    "nn": "ops",
    "numpy": "ops",
    "random": "random",
}
"""Modules of a backend of Keras 3, and where the functions that call theirs are public. Keras 2 has none of them."""
_BACKENDS = frozenset({"jax", "numpy", "openvino", "tensorflow", "torch"})
_KERAS_3_CORE = frozenset(
    """
    associative_scan cast cond convert_to_numpy convert_to_tensor custom_gradient fori_loop is_tensor map scan scatter
    scatter_update shape slice slice_update stop_gradient switch unstack vectorized_map while_loop
    """.split()
)
"""What `keras.src.backend` holds itself in Keras 3. Some names mean another function in `keras.backend` of Keras 2."""


def as_imported(name: str) -> str:
    """A name as people write it: `tf.math.log` for `tensorflow.math.log`."""
    return name.replace("tensorflow.", "tf.", 1)


@cache
def canonical(name: str) -> str:
    """Spell an absolute dotted name the one way that tables use.

    Every path to a Keras object of either generation becomes `keras.layers.Dense`, `keras.Model`, `keras.Input`,
    `keras.saving.register_keras_serializable`; `tensorflow.compat.v1.X` and `.v2.X` become `tensorflow.X`.
    """
    if name.startswith("keras.src.backend"):
        if name == "keras.src.backend":
            return name  # a module; what it holds is told apart from `keras.backend`
        last = name.removeprefix("keras.src.backend.")
        if last in _KERAS_3_CORE:
            return f"keras.ops.{last}"
    if name.startswith("keras._tf_keras.keras"):
        name = name.removeprefix("keras._tf_keras.")
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
    if parts[0] == "backend" and capital is None and (public := _of_backend(parts[1:])) is not None:
        return public
    if rest.startswith("ops.image."):
        return f"ops.image.{tail}"  # the one module of `keras.ops` whose functions `keras.ops` does not hold as well
    if parts[0] == "optimizers" and "schedules" in parts[1:-1]:
        return f"optimizers.schedules.{tail}"
    short = f"{parts[0]}.{tail}"
    return _MOVED.get(short, short)


def _of_backend(parts: list[str]) -> str | None:
    """Public name of what a module of a Keras 3 backend holds: `["tensorflow", "numpy", "mean"]` is `ops.mean`."""
    if len(parts) == 3 and parts[0] in _BACKENDS:
        del parts[0]
    module = _KERAS_3_BACKEND.get(parts[0]) if len(parts) == 2 else None
    return None if module is None else f"{module}.{parts[1]}"


def _public_tensorflow(name: str) -> str:
    """Public name of what a private module of TensorFlow holds; the name itself where it has none."""
    table = _private_tensorflow()
    parts = name.split(".")
    for length in range(len(parts) - 1, 2, -1):
        module = ".".join(parts[:length])
        if module in table.modules:
            last = parts[length]
            public = table.modules[module].get(last) or table.moved.get(last)
            return name if public is None else ".".join(["tensorflow", public, *parts[length + 1 :]])
    return name


@dataclass(frozen=True, slots=True)
class _PrivateTensorFlow:
    modules: Mapping[str, Mapping[str, str]]
    """Private modules, and the public name of each function and class in them."""
    moved: Mapping[str, str]
    """One public name for its last part, where that is plain: other versions have the function in another module."""


@cache
def _private_tensorflow() -> _PrivateTensorFlow:
    modules: dict[str, dict[str, str]] = {}
    lasts: dict[str, set[str]] = {}
    for module, prefixes in read_table("names")["tensorflow"].items():
        for prefix, words in prefixes.items():
            for word in words.split():
                name, _, last = word.partition("=")
                public = f"{prefix}.{last or name}".lstrip(".")
                modules.setdefault(module, {})[name] = public
                lasts.setdefault(last or name, set()).add(public)
    moved = {
        last: last if last in found else next(iter(found))
        for last, found in lasts.items()
        if last in found or len(found) == 1
    }
    return _PrivateTensorFlow(modules, moved)
