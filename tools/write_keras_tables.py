"""Write `keras_layer_lint/keras/layers.json` from the installed Keras generations.

Run where `tensorflow`, `tf_keras` and `keras` 3 are installed: `python tools/write_keras_tables.py`.
"""

from __future__ import annotations

import inspect
import json
import os
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow as tf
import tf_keras

import keras

TARGET = Path(__file__).parent.parent / "keras_layer_lint" / "keras" / "layers.json"


def arguments(name: str, module: Any) -> dict[str, Any]:
    """Values for the parameters that layers require, by the parameter's name."""
    layers = module.layers
    values: dict[str, Any] = {
        "activation": "relu",
        "pool_size": 2,
        "axes": 1,
        "axis": 1,
        "bin_boundaries": [0.0, 1.0],
        "bounding_box_format": "xyxy",
        "cell": layers.LSTMCell(4),
        "cells": [layers.LSTMCell(4)],
        "crop_to_aspect_ratio": False,
        "data_format": "channels_last",
        "dims": (2, 1),
        "equation": "ab,bc->ac",
        "factor": 0.5,
        "filters": 4,
        "function": tf.identity,
        "head_dim": 4,
        "height": 4,
        "height_factor": 0.2,
        "input_dim": 8,
        "kernel_size": 2,
        "key_dim": 4,
        "layer": layers.LSTM(4) if name == "Bidirectional" else layers.Dense(4),
        "layers": [layers.Dense(4)],
        "max_number": 3,
        "n": 2,
        "num_bins": 4,
        "num_heads": 2,
        "num_key_value_heads": 2,
        "num_query_heads": 2,
        "num_tokens": 8,
        "output_dim": 4,
        "output_shape": (4,),
        "output_size": 2,
        "rate": 0.5,
        "scale": 0.5,
        "size": 2,
        "stddev": 0.5,
        "target_shape": (-1,),
        "units": 4,
        "value_range": (0, 1),
        "width": 4,
        "width_factor": 0.2,
    }
    if name == "EinsumDense":
        values["output_shape"] = 4
    if name == "RandomPosterization":
        values["factor"] = 4
    return values


# Not required by the signature, but by the class.
MORE_ARGUMENTS: dict[str, dict[str, Any]] = {
    "CategoryEncoding": {"num_tokens": 8},
    "Discretization": {"num_bins": 4},
    "InputLayer": {"input_shape": (4,)},
    "IntegerLookup": {"vocabulary": [1, 2]},
    "StringLookup": {"vocabulary": ["a", "b"]},
    "TextVectorization": {"vocabulary": ["a", "b"]},
}


def inputs(module: Any) -> Iterator[Any]:
    """Give inputs of many shapes: one of them suits each layer that can be called on tensors."""
    float_of = {rank: np.full((2, *[8] * (rank - 2), 32), 0.5, "float32") for rank in (2, 3, 4, 5, 6)}
    for rank in (2, 3, 4, 5, 6):
        yield float_of[rank]
    for rank in (2, 3, 4):
        yield [float_of[rank], float_of[rank]]
    yield np.ones((2, 8), "int32")
    yield np.full((2, 8, 8, 3), 0.5, "float32")


_TEXT = tf.constant(["a", "b"])
_QUERY = np.full((2, 8, 32), 0.5, "float32")
SAMPLES: dict[str, list[tuple[Any, ...]]] = {
    "GroupQueryAttention": [(_QUERY, _QUERY)],
    "HashedCrossing": [((_TEXT, _TEXT),)],
    "MelSpectrogram": [(np.full((2, 4096), 0.5, "float32"),)],
    "MultiHeadAttention": [(_QUERY, _QUERY)],
    "StringLookup": [(_TEXT,)],
    "TextVectorization": [(_TEXT,)],
}
"""Arguments of a call, where not every layer takes them."""


def layer_classes(module: Any) -> Iterator[tuple[str, type]]:
    """Public layer classes by canonical name."""
    yield "keras.Model", module.Model
    yield "keras.Sequential", module.Sequential
    for name in sorted(dir(module.layers)):
        found = getattr(module.layers, name)
        if isinstance(found, type) and issubclass(found, module.layers.Layer):
            yield f"keras.layers.{name}", found


def parameters(cls: type) -> tuple[list[str], list[str]]:
    """Names of the parameters of `__init__`, and those among them without a default."""
    names, required = [], []
    marks = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    for parameter in list(inspect.signature(cls.__init__).parameters.values())[1:]:
        mark = marks.get(parameter.kind, "")
        names.append(mark + parameter.name)
        if not mark and parameter.default is inspect.Parameter.empty:
            required.append(parameter.name)
    return names, required


def defines_build(cls: type, module: Any) -> bool:
    """Whether a class or a built-in base of it, short of `Layer` and `Model`, has a `build` that makes something."""
    for base in cls.__mro__:
        if base in (module.layers.Layer, module.Model):
            return False
        build = vars(base).get("build")
        if isinstance(build, types.FunctionType):
            code = build.__wrapped__.__code__ if hasattr(build, "__wrapped__") else build.__code__
            return not set(code.co_names) <= {"built", "super", "build"}
    return False


def measure(cls: type, name: str, module: Any) -> tuple[list[str] | None, bool | None, bool | None]:
    """Config keys, whether it has variables, whether it returns one tensor; None for what could not be found out."""
    short = name.rpartition(".")[2]
    _, required = parameters(cls)
    values = arguments(short, module)
    given = {key: values[key] for key in required if key in values} | MORE_ARGUMENTS.get(short, {})
    if short == "InputLayer" and module is keras:
        given = {"shape": (4,)}
    if cls in (module.layers.Layer, module.Model):
        # What a subclass with a get_config of its own gets from `super().get_config()`.
        class Sub(cls):  # type: ignore[misc, valid-type]
            def get_config(self) -> Any:
                return super().get_config()

        return sorted(Sub().get_config()), False if cls is module.layers.Layer else None, None
    try:
        layer = cls(**given)
    except Exception:
        return None, None, None
    try:
        config = sorted(layer.get_config())
    except Exception:
        config = None
    for sample in SAMPLES.get(short) or [(sample,) for sample in inputs(module)]:
        try:
            layer = cls(**given)
            result = layer(*sample)
        except Exception:
            continue
        return config, bool(layer.variables), not isinstance(result, (list, tuple, dict))
    try:
        layer = cls(**given)  # a cell, which is called with states
        layer.build((2, 32))
    except Exception:
        return config, None, None
    return config, bool(layer.variables), None


def main() -> None:
    """Measure both generations and write the table."""
    warnings.simplefilter("ignore")
    table: dict[str, dict[str, dict[str, Any]]] = {}
    for generation, module in (("2", tf_keras), ("3", keras)):
        for name, cls in layer_classes(module):
            names, required = parameters(cls)
            config, has_weights, one_tensor = measure(cls, name, module)
            table.setdefault(name, {})[generation] = {
                "parameters": names,
                "required": required,
                "config": config,
                "has_weights": has_weights,
                "one_tensor": one_tensor,
                "defines_build": defines_build(cls, module),
            }
    # What a subclass of Model starts from: see the facts on get_config of an overridden Model.
    rows = [f"{json.dumps(name)}:{json.dumps(table[name], separators=(',', ':'))}" for name in sorted(table)]
    TARGET.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
