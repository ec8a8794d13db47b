"""Measures the built-in layers of both generations: signatures, configs, what an instance has and returns."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf
import tf_keras

import keras
from tools.signatures import NOT_THERE


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


def arguments_of(cls: type, name: str, module: Any) -> dict[str, Any]:
    """Arguments to make an instance with."""
    short = name.rpartition(".")[2]
    _, required = parameters(cls)
    values = arguments(short, module)
    given = {key: values[key] for key in required if key in values} | MORE_ARGUMENTS.get(short, {})
    if short == "InputLayer" and module is keras:
        given = {"shape": (4,)}
    return given


def made(cls: type, name: str, module: Any) -> Any:
    """Make an instance, None where the arguments known here do not suit."""
    try:
        return cls(**arguments_of(cls, name, module))
    except Exception:
        return None


def keywords() -> set[str]:
    """Names that some layer of some generation takes, and those that `**kwargs` of Keras 2 or 3 are known to hold."""
    hidden = """
        adjustment alpha autocast batch_input_shape batch_shape batch_size causal dtype dynamic experimental_autocast
        fused implementation input_dim input_dtype input_length input_shape inputs name renorm time_major trainable
        virtual_batch_size weights"""
    named = {name for module in (keras, tf_keras) for _, cls in layer_classes(module) for name in parameters(cls)[0]}
    return {*hidden.split(), *(name for name in named if not name.startswith("*"))}


def takes_keyword(cls: type, given: dict[str, Any], keyword: str) -> bool:
    """Whether it does not refuse the keyword as one that it has not; it may refuse the value."""
    try:
        cls(**given, **{keyword: 1})
    except (TypeError, ValueError) as error:
        reasons = ("Unrecognized keyword argument", "Keyword argument not understood", "unexpected keyword argument")
        return not (keyword in str(error) and any(reason in str(error) for reason in reasons))
    except Exception:
        return True
    return True


def hidden_keywords(cls: type, name: str, module: Any) -> list[str] | None:
    """Keywords that it takes by `**kwargs`; None where it takes any, or where no instance could be made to ask.

    A Model takes others where it is given inputs and outputs.
    """
    given = arguments_of(cls, name, module)
    if cls is module.Model or made(cls, name, module) is None or takes_keyword(cls, given, NOT_THERE):
        return None
    names = keywords() - set(parameters(cls)[0]) - set(given)
    return sorted(keyword for keyword in names if takes_keyword(cls, given, keyword))


def config_of(cls: type, name: str, module: Any) -> list[str] | None:
    """Keys of `get_config()`, None where that could not be asked."""
    if cls in (module.layers.Layer, module.Model):
        # What a subclass with a get_config of its own gets from `super().get_config()`.
        class Sub(cls):  # type: ignore[misc, valid-type]
            def get_config(self) -> Any:
                return super().get_config()

        return sorted(Sub().get_config())
    try:
        return sorted(made(cls, name, module).get_config())
    except Exception:
        return None


def seeds_of(layer: Any) -> set[int]:
    """Identify the variables of a layer that only hold the state of a random generator."""
    if hasattr(layer, "_seed_generators"):
        return {id(seed.state) for part in layer._flatten_layers() for seed in part._seed_generators}
    return {id(variable) for variable in layer.variables if "int" in str(variable.dtype) and variable.shape == (3,)}


def states(layer: Any) -> dict[str, bool]:
    """Say whether a built layer has variables, and whether some of them are more than seeds."""
    seeds = seeds_of(layer)
    own = any(id(variable) not in seeds for variable in layer.variables)
    return {"has_variables": bool(layer.variables), "has_weights": own}


def keeps_axes(sample: tuple[Any, ...], result: Any) -> bool | None:
    """Whether the result has all axes of the input but the last; None where that cannot be compared."""
    shape = getattr(sample[0], "shape", None)
    if shape is None or not hasattr(result, "shape"):
        return None
    return tuple(result.shape)[: len(shape) - 1] == tuple(shape)[:-1]


def behaviour(cls: type, name: str, module: Any) -> dict[str, bool | None]:
    """Build and call the layer on the first sample that it takes."""
    nothing: dict[str, bool | None] = dict.fromkeys(("has_variables", "has_weights", "one_tensor", "keeps_axes"))
    if cls in (module.layers.Layer, module.Model):
        return nothing | ({"has_variables": False, "has_weights": False} if cls is module.layers.Layer else {})
    if made(cls, name, module) is None:
        return nothing
    kept: set[bool | None] = set()
    found = nothing
    for sample in SAMPLES.get(name.rpartition(".")[2]) or [(sample,) for sample in inputs(module)]:
        try:
            layer = made(cls, name, module)
            result = layer(*sample)
        except Exception:
            continue
        kept.add(keeps_axes(sample, result))
        if found["one_tensor"] is None:
            found = found | states(layer) | {"one_tensor": not isinstance(result, (list, tuple, dict))}
    if found["one_tensor"] is not None:
        kept.discard(None)
        return found | {"keeps_axes": kept.pop() if len(kept) == 1 else False if kept else None}
    try:
        layer = made(cls, name, module)  # a cell, which is called with states
        layer.build((2, 32))
    except Exception:
        return nothing
    return nothing | states(layer)


def takes_anything(cls: type, name: str, module: Any) -> bool | None:
    """Whether it takes what is no tensor by position; Keras 2 lets every layer do so."""
    layer = made(cls, name, module)
    if module is tf_keras or layer is None:
        return None
    return bool(layer._allow_non_tensor_positional_args) or not layer._convert_input_args


def method_needs(cls: type, name: str) -> list[str]:
    """The parameters of a method, without `self`, that have no default."""
    try:
        known = list(inspect.signature(getattr(cls, name)).parameters.values())[1:]
    except (AttributeError, TypeError, ValueError):
        return []
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [each.name for each in known if each.kind in plain and each.default is inspect.Parameter.empty]


def method_parameters(cls: type, name: str) -> list[str]:
    """Names of the parameters of a method."""
    try:
        return list(inspect.signature(getattr(cls, name)).parameters)[1:]
    except (AttributeError, TypeError, ValueError):
        return []


def facts(cls: type, name: str, module: Any) -> dict[str, Any]:
    """Measure one layer of one generation."""
    names, required = parameters(cls)
    return {
        "parameters": names,
        "required": required,
        "hidden": hidden_keywords(cls, name, module),
        "call": method_parameters(cls, "call"),
        "call_needs": method_needs(cls, "call"),
        "config": config_of(cls, name, module),
        **behaviour(cls, name, module),
        "takes_anything": takes_anything(cls, name, module),
        "defines_build": defines_build(cls, module),
        "build": method_parameters(cls, "build"),
    }


def measure() -> dict[str, Any]:
    """Measure both generations."""
    table: dict[str, dict[str, dict[str, Any]]] = {}
    for generation, module in (("2", tf_keras), ("3", keras)):
        for name, cls in layer_classes(module):
            table.setdefault(name, {})[generation] = facts(cls, name, module)
    return {"layers": {name: table[name] for name in sorted(table)}}
