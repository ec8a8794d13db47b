"""Keras on JAX in a process of its own: builds and trains layers, and says what each attempt raised."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import numpy as np

BATCHES = np.random.default_rng(0).uniform(0.5, 1.5, (6, 3, 4)).astype("float32")


def main() -> None:
    os.environ["KERAS_BACKEND"] = "jax"
    keras = import_module("keras")
    for line in sys.stdin:
        request = json.loads(line)
        answer = {"id": request["id"], **_answer(keras, request)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _answer(keras: Any, request: dict[str, Any]) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(compile(request["source"], request["id"], "exec"), namespace)
    subject = namespace["Subject"]
    if request["endless"]:
        return {"raised": [], "elements": _elements(keras)}

    def functional() -> Any:
        inputs = keras.Input((3, 4))
        return keras.Model(inputs, keras.layers.Dense(1)(subject()(inputs)))

    def subclassed() -> Any:
        class Model(keras.Model):  # type: ignore[misc]
            def __init__(self) -> None:
                super().__init__()
                self.subject = subject()
                self.dense = keras.layers.Dense(1)

            def call(self, inputs: Any, training: Any = None) -> Any:
                return self.dense(self.subject(inputs, training=training))

        return Model()

    def train(make: Callable[[], Any]) -> Any:
        model = make()
        model.compile("sgd", "mse")
        model.fit(BATCHES, np.zeros((6, 3, 1)), batch_size=2, epochs=2, verbose=0)
        return model

    try:
        model = train(subclassed if request["subclass"] else functional)
    except Exception as error:
        return {"raised": [type(each).__name__ for each in _chain(error)]}
    found = {"raised": [], "weights": len(model.weights)}
    if not request["subclass"]:
        halves = [model.predict(BATCHES[[0, 0]], batch_size=size, verbose=0) for size in (1, 2)]
        found["same_for_each_batch"] = bool(np.allclose(halves[0][0], halves[0][1]))
        found["same_for_each_size"] = bool(np.allclose(*halves))
    return found


def _elements(keras: Any) -> int:
    """How many elements a weight of 4 gives, up to 20."""
    elements = iter(keras.Variable(np.ones(4)))
    return sum(1 for _ in zip(range(20), elements, strict=False))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those that it was raised in the handling of: Keras rebuilds what JAX raised."""
    while error is not None:
        yield error
        error = error.__context__


if __name__ == "__main__":
    main()
