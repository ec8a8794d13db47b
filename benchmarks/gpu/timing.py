"""Layers of Keras on one device, in this process: `check_layer`, and how long compiling and a step take.

The device is the first that JAX has.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.gpu.layers import CHECKED, TIMED, Given
from keras_layer_lint.confirm.planning.inputs import Tensor, parse

Entry = dict[str, Any]
_REPEATS = 10
_LEAST_SECONDS = 0.02
"""So long at least is a step measured."""
_MOST_SECONDS = 1.0


def _checked(given: Given) -> Entry:
    """What became of each check of a layer."""
    from keras_layer_lint.testing import check_layer

    started = time.perf_counter()
    report = check_layer(partial(_make, given), given.inputs, raise_on_failure=False)
    return {
        "layer": str(given),
        "inputs": given.inputs,
        "outcomes": {result.check: result.outcome for result in report.results},
        "failures": [str(failure)[:600] for failure in report.failures],
        "seconds": round(time.perf_counter() - started, 3),
    }


def _timed(given: Given) -> Entry:
    """Compile and step times of a layer, in milliseconds."""
    import jax

    layer, arguments = _make(given), _arrays(given)
    layer(*arguments)
    state = [variable.value for variable in layer.trainable_variables]
    rest = [variable.value for variable in layer.non_trainable_variables]

    def forward(trainable: Any, non_trainable: Any, *given: Any) -> Any:
        return layer.stateless_call(trainable, non_trainable, *given)[0]

    def loss(trainable: Any, non_trainable: Any, *given: Any) -> Any:
        return forward(trainable, non_trainable, *given).sum()

    compiled, compile_seconds = _compiled(jax.jit(forward), state, rest, *arguments)
    of_loss = jax.jit(jax.value_and_grad(loss if state else _of_inputs(loss)))
    asked = (state, rest, *arguments) if state else (arguments[0], state, rest)
    gradient, gradient_seconds = _compiled(of_loss, *asked)
    return {
        "layer": str(given),
        "inputs": given.inputs,
        "compile_ms": round(1e3 * compile_seconds, 2),
        "gradient_compile_ms": round(1e3 * gradient_seconds, 2),
        "eager_ms": _milliseconds(lambda: layer(*arguments)),
        "jitted_ms": _milliseconds(lambda: compiled(state, rest, *arguments)),
        "gradient_ms": _milliseconds(lambda: gradient(*asked)),
    }


def _make(given: Given) -> Any:
    import keras

    return eval(f"layers.{given}", {"layers": keras.layers})  # of this benchmark's own table


def _arrays(given: Given) -> list[Any]:
    """Values for the inputs, on the device."""
    import jax
    import numpy as np

    rng: Any = np.random.default_rng(0)
    found = []
    for tensor in parse(given.inputs).positional:
        assert isinstance(tensor, Tensor)
        shape = tensor.shape
        array = rng.integers(0, tensor.below, shape) if tensor.below else rng.standard_normal(shape)
        found.append(jax.device_put(array.astype(tensor.dtype)))
    return found


def _of_inputs(loss: Callable[..., Any]) -> Callable[..., Any]:
    """The loss by the first input: what has no weights has no other gradient."""
    return lambda first, trainable, non_trainable: loss(trainable, non_trainable, first)


def _compiled(function: Any, *arguments: Any) -> tuple[Callable[..., Any], float]:
    started = time.perf_counter()
    done = function.lower(*arguments).compile()
    return done, time.perf_counter() - started


def machine() -> Entry:
    """The device that JAX takes first, and what it is run with."""
    import jax

    import keras

    device = jax.devices()[0]
    return {
        "device": "cpu" if device.platform == "cpu" else str(device.device_kind),
        "platform": str(device.client.platform_version).strip().splitlines()[-1],
        "jax": jax.__version__,
        "keras": keras.__version__,
        "python": platform.python_version(),
        "processors": os.cpu_count(),
    }


def _milliseconds(step: Callable[[], Any]) -> float:
    """Median over steps, each until its results are there; the first two do not count."""
    import jax

    done: Any = jax.block_until_ready
    for _ in range(2):
        done(step())
    seconds: list[float] = []
    while len(seconds) < _REPEATS or sum(seconds) < _LEAST_SECONDS:
        started = time.perf_counter()
        done(step())
        seconds.append(time.perf_counter() - started)
        if sum(seconds) > _MOST_SECONDS:
            break
    return round(1e3 * statistics.median(seconds), 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["checks", "steps", "steps_cpu"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--device", choices=["gpu", "cpu"])
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--every", type=int, nargs=2, default=(0, 1), metavar=("FIRST", "STEP"), help="which layers")
    given = parser.parse_args()
    found = machine()
    if given.device == "gpu" and found["device"] == "cpu":
        sys.exit("JAX sees no GPU")
    measure, layers = (_checked, CHECKED) if given.part == "checks" else (_timed, TIMED)
    first, step = given.every
    entries: list[Entry] = []
    for layer in (layers[:2] if given.short else layers)[first::step]:
        entries.append(measure(layer))
        # What is known is kept if the time is up.
        partly = given.file.with_suffix(".part")
        partly.write_text(json.dumps({"machine": found, given.part: entries}), encoding="utf-8")
        partly.replace(given.file)


if __name__ == "__main__":
    main()
