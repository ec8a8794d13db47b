"""`python -m tests.confirm.planning.worker 2|3 BACKEND FOLDER MODULE`: plans each class of a module, in one process.

A line of JSON for each class: the plan, and the shapes that come out of it eagerly, traced, and symbolically.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from dataclasses import dataclass
from typing import Any

from keras_layer_lint.confirm.framework import Framework, load
from keras_layer_lint.confirm.planning import Failure, Plan, first_working
from keras_layer_lint.target import Generation


@dataclass(frozen=True)
class Nothing:
    recipe: None = None
    calls: tuple[()] = ()


def main(generation: str, backend: str, folder: str, name: str) -> None:
    framework = load(Generation(generation), backend)
    sys.path.insert(0, folder)
    module = importlib.import_module(name)
    for cls in vars(module).values():
        if inspect.isclass(cls) and cls.__module__ == name:
            print(json.dumps({"class": cls.__name__, **planned(framework, cls)}), flush=True)


def planned(framework: Framework, cls: Any) -> dict[str, Any]:
    found = first_working(cls, Nothing(), framework)
    if isinstance(found, Failure):
        return {"failed": found.reason, "recipe": found.recipe}
    told = {"arguments": found.arguments, "inputs": found.inputs, "eager": shapes(framework, found.call(found.make()))}
    if issubclass(cls, framework.keras.layers.Layer):
        args, kwargs = found.symbolic()
        told["symbolic"] = shapes(framework, found.make()(*args, **kwargs))
        if framework.tf is not None:
            told["traced"] = shapes(framework, traced(framework, found))
    return told


def traced(framework: Framework, plan: Plan) -> Any:
    layer = plan.make()
    args, kwargs = plan.specs()
    function = framework.tf.function(lambda *args, **kwargs: layer(*args, **kwargs))
    return function.get_concrete_function(*args, **kwargs).structured_outputs


def shapes(framework: Framework, outputs: Any) -> list[Any]:
    return [list(leaf.shape) for leaf in framework.tree.flatten(outputs) if hasattr(leaf, "shape")]


if __name__ == "__main__":
    main(*sys.argv[1:])
