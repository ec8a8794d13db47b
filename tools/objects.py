"""Measures the bases of losses, metrics and other objects: what they take and what `get_config()` returns."""

from __future__ import annotations

import inspect
from typing import Any

import tf_keras

import keras

BASES: dict[str, dict[str, dict[str, Any]]] = {
    "keras.losses.Loss": {},
    "keras.metrics.Metric": {},
    "keras.metrics.Mean": {},
    "keras.metrics.Sum": {},
    "keras.metrics.MeanMetricWrapper": {
        "2": {"fn": tf_keras.losses.mean_squared_error},
        "3": {"fn": keras.losses.mean_squared_error},
    },
    "keras.initializers.Initializer": {},
    "keras.constraints.Constraint": {},
    "keras.regularizers.Regularizer": {},
    "keras.optimizers.schedules.LearningRateSchedule": {},
    "keras.optimizers.Optimizer": {"2": {"name": "mine"}, "3": {"learning_rate": 0.1}},
}
"""The classes by canonical name, with arguments for each generation that requires some."""


def arguments(base: type) -> list[str]:
    """Names of what the `__init__` of a class and its bases take, its own first and in their order."""
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    constructors = [vars(cls)["__init__"] for cls in base.__mro__[:-1] if "__init__" in vars(cls)]
    found = [p.name for init in constructors for p in inspect.signature(init).parameters.values() if p.kind in named]
    return [name for name in dict.fromkeys(found) if name != "self"]


def loaded(base: type, methods: dict[str, Any], given: dict[str, Any]) -> list[str]:
    """The keys of the config of a class that derives from it: those that its `from_config` hands to `__init__`."""
    config = type("Own", (base,), methods)(**given).get_config()
    arrived: list[str] = []

    def init(self: Any, **kwargs: Any) -> None:
        arrived.extend(kwargs)
        base.__init__(self, **{**given, **kwargs})  # type: ignore[misc]

    type("Own", (base,), {**methods, "__init__": init}).from_config(config)  # type: ignore[attr-defined]
    return sorted(arrived)


def measure() -> dict[str, Any]:
    """Measure both generations."""
    table: dict[str, dict[str, Any]] = {}
    for name, given in BASES.items():
        for generation, module in (("2", tf_keras), ("3", keras)):
            base: Any = module
            for part in name.split(".")[1:]:
                base = getattr(base, part)
            methods = dict.fromkeys(getattr(base, "__abstractmethods__", ()), lambda *_: None)
            try:
                config = loaded(base, methods, given.get(generation, {}))
            except NotImplementedError:
                config = None
            table.setdefault(name, {})[generation] = {"arguments": arguments(base), "config": config}
    return {"bases": table}
