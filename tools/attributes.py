"""Measures the attributes of layers and models, and which cannot be set."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import tf_keras

import keras

GENERATIONS = {"2": tf_keras, "3": keras}


def models(module: Any) -> list[Any]:
    """A subclassed, a functional and a Sequential model; those with a graph have been trained."""
    inputs = module.Input((2,))
    trained = [
        module.Model(inputs, module.layers.Dense(2)(inputs)),
        module.Sequential([module.layers.Dense(2)]),
    ]
    for model in trained:
        model.compile("sgd", "mse")
        model.fit(np.zeros((1, 2)), np.zeros((1, 2)), verbose=0)
    return [module.Model(), *trained]


def names(objects: list[Any]) -> set[str]:
    """What the objects have, without the names of Python itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {name for thing in objects for name in dir(thing) if not name.startswith("__")}


def is_read_only(base: Any, name: str) -> bool:
    """Whether assigning an attribute raises AttributeError, whatever is assigned.

    Keras 3 lets pass what the attribute holds already, so None is not tried.
    """
    for value in (1, "name", [], base):
        thing = type("Own", (base,), {})()
        try:
            setattr(thing, name, value)
        except AttributeError:
            continue
        except Exception:  # takes other values
            return False
        return False
    return True


def measure() -> dict[str, Any]:
    """Measure both generations."""
    attributes: set[str] = set()
    table: dict[str, str] = {}
    for generation, module in GENERATIONS.items():
        layer = names([module.layers.Layer()])
        attributes |= layer | names(models(module))
        for kind, base in (("layer", module.layers.Layer), ("model", module.Model)):
            fixed = {name for name in names([base()]) if is_read_only(base, name)}
            table[f"read-only {kind} {generation}"] = " ".join(sorted(fixed))
    table["attributes"] = " ".join(sorted(attributes))
    return table
