"""Keras on JAX in a process of its own: builds and trains layers, and says what each attempt raised."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import numpy as np

Model = Any


def main() -> None:
    os.environ["KERAS_BACKEND"] = "jax"
    keras = import_module("keras")
    for line in sys.stdin:
        request = json.loads(line)
        answer = _elements(keras) if request["endless"] else _trained(keras, request)
        sys.stdout.write(json.dumps({"id": request["id"], **answer}) + "\n")
        sys.stdout.flush()


def _elements(keras: Any) -> dict[str, Any]:
    """How many elements a weight of 4 gives, up to 20."""
    elements = iter(keras.Variable(np.ones(4)))
    return {"elements": sum(1 for _ in zip(range(20), elements, strict=False))}


def _trained(keras: Any, request: dict[str, Any]) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(compile(request["source"], request["id"], "exec"), namespace)
    subject = namespace[request["class_name"]]
    shape = tuple(request["shape"])
    batches = np.random.default_rng(0).uniform(0.5, 1.5, (6, *shape)).astype("float32")
    make = subject if issubclass(subject, keras.Model) else _makers(keras, subject, shape)[request["subclass"]]
    try:
        model = make()
        model.compile("sgd", "mse")
        model.fit(batches, np.zeros((6, *shape[:-1], 4)), batch_size=2, epochs=2, verbose=0)
    except Exception as error:
        return {"raised": [type(each).__name__ for each in _chain(error)]}
    singly, together = (model.predict(batches[[0, 0]], batch_size=size, verbose=0) for size in (1, 2))
    return {
        "raised": [],
        "weights": len(model.weights),
        "same_for_each_batch": bool(np.allclose(singly[0], singly[1])),
        "same_for_each_size": bool(np.allclose(singly, together)),
        "statistics": any(np.any(weight) for weight in model.weights if weight.name == "moving_mean"),
    }


def _makers(keras: Any, subject: Any, shape: tuple[int, ...]) -> dict[bool, Callable[[], Model]]:
    """A model that holds the layer, functional (False) or subclassed (True)."""

    def functional() -> Model:
        inputs = keras.Input(shape)
        return keras.Model(inputs, keras.layers.Dense(4)(subject()(inputs)))

    class Subclassed(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.subject = subject()
            self.dense = keras.layers.Dense(4)

        def call(self, inputs: Any, training: Any = None) -> Any:
            return self.dense(self.subject(inputs, training=training))

    return {False: functional, True: Subclassed}


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those that it was raised in the handling of: Keras rebuilds what JAX raised."""
    while error is not None:
        yield error
        error = error.__context__


if __name__ == "__main__":
    main()
