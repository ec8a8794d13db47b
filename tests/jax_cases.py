"""Layers that come to something else on JAX than on TensorFlow: what klint says of them, and what Keras does."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JaxCase:
    """One statement in `call`, `build` or `__init__`.

    `severity`: of the one diagnostic, None where there must be none. `raises`: what building a functional model raises
    with this layer, or else training it; empty where nothing does. `subclass`: that is seen in a subclassed Model only.
    """

    code: str
    call: str = ""
    severity: str | None = "error"
    raises: str = ""
    init: str = ""
    build: str = ""
    subclass: bool = False
    endless: bool = False

    @property
    def source(self) -> str:
        mark = f"  # {self.code}" if self.severity else ""
        lines = {"init": self.init, "build": self.build, "call": self.call}
        marked = next(key for key in ("build", "init", "call") if lines[key] and (key == "call" or key in self.marked))
        lines[marked] = lines[marked].replace("\n", f"{mark}\n", 1) if "\n" in lines[marked] else lines[marked] + mark
        return _LAYER.format(**{key: textwrap.indent(text or "pass", " " * 8) for key, text in lines.items()})

    @property
    def marked(self) -> tuple[str, ...]:
        """Methods other than `call` that hold the fault."""
        return ("build", "init") if self.code in ("KLL205", "KLL213") else ()

    def __str__(self) -> str:
        return f"{self.code} {' '.join((self.build or self.call or self.init).split())}"


_LAYER = """\
import jax
import keras
import numpy as np
from keras import layers, ops


class Subject(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
{init}

    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(input_shape[-1],), initializer="ones")
{build}

    def call(self, inputs, training=None):
{call}
        return inputs * self.w
"""

_BOOL = "TracerBoolConversionError"
_NUMPY = "TracerArrayConversionError"
_NUMBER = "ConcretizationTypeError"
BATCH = "InconclusiveDimensionOperation"
_LEAK = "UnexpectedTracerError"
_WHILE = "inputs = ops.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * self.w), (0, inputs){})[1]"
_FORI = "inputs = ops.fori_loop(0, {}, lambda i, v: v * self.w, inputs)"
_DRAW = "inputs = inputs + keras.random.normal((3, 4){})"
_LAST = "self.last = inputs if self.last is None else inputs + ops.mean(self.last)"
_RANDOM = "self.noise = jax.random.normal(jax.random.PRNGKey(0), (4,))"

CASES = (
    JaxCase("KLL101", "if ops.mean(inputs) > 0: pass", raises=_BOOL),
    JaxCase("KLL101", "inputs = inputs if ops.mean(self.w) > 0 else -inputs", raises=_BOOL),
    JaxCase("KLL101", "if ops.shape(inputs)[0] > 2: pass", "warning", BATCH),
    JaxCase("KLL101", "if ops.shape(inputs)[0] - 4 > 1: pass", "warning", BATCH),
    JaxCase("KLL101", "if ops.shape(inputs)[0] >= 2: pass", None),
    JaxCase("KLL101", "if ops.shape(inputs)[0] == 2: pass", None),
    JaxCase("KLL101", "if ops.shape(inputs)[1] > 2: pass", None),
    JaxCase("KLL102", "while ops.max(inputs) > 1.0:\n    inputs = inputs / 2.0", raises=_BOOL),
    JaxCase("KLL103", "for row in inputs: pass", raises=BATCH),
    JaxCase("KLL103", "rows = [row for row in ops.relu(inputs)]", raises=BATCH),
    JaxCase("KLL103", "for part in self.w: pass", endless=True),
    JaxCase("KLL103", "a, b, c, d = self.w", raises="ValueError"),
    JaxCase("KLL103", "for part, power in zip(self.w, (1, 2)): pass", None),
    JaxCase("KLL103", "for step in ops.arange(3): pass", None),
    JaxCase("KLL103", "for part in ops.softmax(self.w): pass", None),
    JaxCase("KLL104", "assert ops.all(inputs > 0)", raises=_BOOL),
    JaxCase("KLL104", "found = ops.mean(inputs) > 0 and training", raises=_BOOL),
    JaxCase("KLL104", "found = max(ops.mean(inputs), ops.max(inputs))", raises=_BOOL),
    JaxCase("KLL104", "found = 1.0 in ops.softmax(self.w)", raises=_BOOL),
    JaxCase("KLL104", "found = any(inputs)", raises=BATCH),
    JaxCase("KLL104", "part = [1, 2][ops.argmax(self.w)]", raises="TracerIntegerConversionError"),
    JaxCase("KLL104", "total = sum(ops.softmax(self.w))", None),
    JaxCase("KLL111", "part = np.exp(inputs)", raises=_NUMPY),
    JaxCase("KLL111", "part = np.mean([inputs, inputs])", raises=_NUMPY),
    JaxCase("KLL111", "part = np.mean(self.w)", raises=_NUMPY),
    JaxCase("KLL111", "part = np.mean(inputs, axis=-1)", "note"),
    JaxCase("KLL111", "part = np.reshape(inputs, (-1,))", "note"),
    JaxCase("KLL112", "part = inputs.numpy()", raises="AttributeError"),
    JaxCase("KLL112", "part = ops.mean(inputs).item()", raises=_NUMBER),
    JaxCase("KLL112", "part = ops.convert_to_numpy(inputs)", raises=_NUMPY),
    JaxCase("KLL113", "part = float(ops.mean(inputs))", raises=_NUMBER),
    JaxCase("KLL113", "part = range(ops.argmax(self.w))", raises="TracerIntegerConversionError"),
    JaxCase("KLL113", "part = range(ops.shape(inputs)[0])", "warning", "TypeError"),
    JaxCase("KLL113", "part = int(ops.shape(inputs)[0])", "warning", BATCH),
    JaxCase("KLL113", "part = len(inputs)", raises="TypeError"),
    JaxCase("KLL113", "part = len(ops.softmax(self.w))", None),
    JaxCase("KLL113", "part = f'{ops.mean(inputs):.2f}'", raises="TypeError"),
    JaxCase("KLL113", "part = '%f' % ops.mean(inputs)", raises=_NUMBER),
    JaxCase("KLL115", _DRAW.format(""), raises="ValueError"),
    JaxCase("KLL115", _DRAW.format(", seed=3"), "warning"),
    JaxCase("KLL115", _DRAW.format(", seed=keras.random.SeedGenerator()"), "warning"),
    JaxCase("KLL115", _DRAW.format(", seed=self.seeds"), None, init="self.seeds = keras.random.SeedGenerator(1)"),
    JaxCase(
        "KLL121", "parts = []\nfor part in ops.softmax(self.w): parts.append(part)\ninputs += ops.stack(parts)", None
    ),
    JaxCase("KLL123", "self.w = self.w * 0.5", raises=_LEAK),
    JaxCase("KLL123", _LAST, "warning", _LEAK, init="self.last = None"),
    JaxCase("KLL124", "inputs[0] = 1.0", raises="TypeError"),
    JaxCase("KLL124", "del inputs[0]", raises="AttributeError"),
    JaxCase("KLL131", "part = self.add_weight(name='b', shape=())", raises="ValueError"),
    JaxCase("KLL131", "part = keras.Variable(1.0)", raises="ValueError"),
    JaxCase("KLL132", "inputs = layers.Dense(4)(inputs)", "warning"),
    JaxCase("KLL132", "inputs = layers.Dropout(0.5)(inputs, training=True)", "warning"),
    JaxCase("KLL132", "self.dense = layers.Dense(4)", raises="ValueError"),
    JaxCase("KLL141", "if inputs.shape[0] > 2: pass", "warning", BATCH),
    JaxCase("KLL141", "if inputs.shape[0] > 1: pass", None),
    JaxCase("KLL141", "if 2 > inputs.shape[0]: pass", None),
    JaxCase("KLL141", "if 2 >= inputs.shape[0]: pass", "warning", BATCH),
    JaxCase("KLL141", "part = range(inputs.shape[0])", "warning", "TypeError"),
    JaxCase("KLL141", "part = int(inputs.shape[0])", "warning", BATCH),
    JaxCase("KLL141", "part = float(inputs.shape[0])", "warning", "TypeError"),
    JaxCase("KLL141", "found = inputs.shape[0] == 3", None),
    JaxCase("KLL141", "part = ops.zeros((inputs.shape[0] * 2, 4))", None),
    JaxCase("KLL141", "inputs = ops.reshape(inputs, (inputs.shape[0], 3, 4))", None),
    JaxCase("KLL151", "inputs = inputs * ops.det(ops.eye(3) * ops.mean(inputs))", None),
    JaxCase("KLL154", "found = ops.nonzero(inputs > 0.5)", raises="ConcretizationTypeError"),
    JaxCase("KLL154", "found = ops.where(inputs > 0.5)", raises="ConcretizationTypeError"),
    JaxCase("KLL154", "inputs = ops.where(inputs > 0.5, inputs, 0.0)", None),
    JaxCase("KLL154", "found = ops.repeat(inputs, repeats=ops.shape(inputs)[0], axis=0)", None),
    JaxCase("KLL154", "size = ops.shape(inputs)[0]\nfound = ops.repeat(inputs, size, axis=0)", None),
    JaxCase("KLL154", "found = jax.numpy.nonzero(inputs > 0.5)", raises="ConcretizationTypeError"),
    JaxCase("KLL154", "found = jax.numpy.nonzero(inputs > 0.5, size=4)", None),
    JaxCase("KLL154", "found = jax.numpy.unique(inputs)", raises="ConcretizationTypeError"),
    JaxCase("KLL154", "found = inputs[inputs > 0.5]", raises="NonConcreteBooleanIndexError"),
    JaxCase("KLL154", "found = inputs[..., ops.any(self.w > 0, axis=0)]", raises="NonConcreteBooleanIndexError"),
    JaxCase("KLL154", "inputs = inputs * (inputs > 0.5)[..., :1]", None),
    JaxCase("KLL152", _WHILE.format(""), raises="ValueError"),
    JaxCase("KLL152", _WHILE.format(", maximum_iterations=3"), raises="ValueError"),
    JaxCase("KLL152", _FORI.format("ops.argmax(self.w)"), raises="ValueError"),
    JaxCase("KLL152", _FORI.format("3"), None),
    JaxCase("KLL152", _FORI.format("ops.shape(inputs)[1]"), None),
    JaxCase("KLL152", "inputs = ops.scan(lambda c, e: (c * self.w, e), inputs, ops.arange(3.0))[0]", None),
    JaxCase("KLL205", "inputs = inputs * self.noise", "warning", init=_RANDOM),
    JaxCase("KLL205", "inputs = inputs * self.ones", None, init="self.ones = ops.ones((4,))"),
    JaxCase(
        "KLL213", "inputs = inputs * self.kept", "warning", _LEAK, build="self.kept = ops.arange(4.0)", subclass=True
    ),
)
