"""How to construct one layer and what to call it on."""

from __future__ import annotations

import builtins
import importlib
import itertools
import re
from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from keras_layer_lint.confirm.planning import made
from keras_layer_lint.confirm.planning.inputs import Inputs, Tensor
from keras_layer_lint.confirm.planning.values import Framework, Values, seed, specification, structures, symbolic

Call = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A constructor call and a call, both as text, so that a user can read and pin them."""

    cls: Any = field(repr=False)
    framework: Framework = field(repr=False)
    arguments: str
    """As between the parentheses: `units=4, cell=keras.layers.LSTMCell(4)`."""
    given: Inputs
    source: str
    """`recipe`, `call in tests/test_x.py:12`, `seen in models.Net`, `defaults`, `synthesis` or `repair`."""
    draw: int = 0
    """Which weights and values: the same for the same number."""

    @property
    def inputs(self) -> str:
        """The inputs as a report shows them."""
        return str(self.given)

    def make(self) -> Any:
        """Construct the layer anew; arguments that are layers are new ones, too."""
        names = names_of(self.cls, self.framework, self.arguments)
        seed(self.framework, self.draw)
        return eval(f"_class({self.arguments}\n)", {**names, "_class": self.cls})

    def call_inputs(self, batch: int | None = None) -> Call:
        """The arguments of a call, with the same values each time; of the plan's own batch unless told."""
        values = self._values(batch)
        return structures(self.given, values.tensor)

    def arrays(self, batch: int | None = None) -> Call:
        """The arguments of a call as NumPy arrays."""
        values = self._values(batch)
        return structures(self.given, values.array)

    def call(self, layer: Any, batch: int | None = None, given: Call | None = None, **more: Any) -> Any:
        """Call the layer eagerly, on what `call_inputs` gave if that is `given`; `more`: further arguments by name."""
        args, kwargs = self.call_inputs(batch) if given is None else given
        seed(self.framework, self.draw)
        return layer(*args, **kwargs, **more)

    def specs(self, batch: int | None = None) -> Call:
        """The arguments of a traced call: `tf.TensorSpec`, `jax.ShapeDtypeStruct`, and plain values as they are."""
        return structures(self.given, lambda tensor: specification(self.framework, tensor, self._shape(tensor, batch)))

    def symbolic(self, batch: int | None = None, *, first_only: bool = False) -> Call:
        """The arguments of a call in a functional model; `first_only`: the others have their own first axis."""
        number = itertools.count()

        def made(tensor: Tensor) -> Any:
            is_first = next(number) == 0
            shape = self._shape(tensor, batch) if is_first or not first_only else tensor.shape
            return symbolic(self.framework, tensor, shape)

        return structures(self.given, made)

    def _values(self, batch: int | None) -> Values:
        own = self.given.batch or 1
        return Values(self.framework, own, own if batch is None else batch, self.draw)

    def _shape(self, tensor: Tensor, batch: int | None) -> tuple[int | None, ...]:
        return tensor.of_batch(self.given.batch, batch)

    def __str__(self) -> str:
        return f"{self.cls.__name__}({self.arguments})({self.given})"


def names_of(cls: Any, framework: Framework, text: str = "") -> dict[str, Any]:
    """What the text of arguments may name: the module of the class, Keras, TensorFlow, NumPy, objects of ours.

    And modules of the project by their full names.
    """
    module = importlib.import_module(cls.__module__)
    names = {"keras": framework.keras, "tf": framework.tf, "np": importlib.import_module("numpy"), "klint": made}
    known = {**vars(builtins), **vars(module), **names}
    return {**dict(_modules_named(text, known)), **known}


def _modules_named(text: str, known: Container[str]) -> Iterator[tuple[str, Any]]:
    """The first packages of dotted names that nothing else explains; the modules within them are imported."""
    for dotted in re.findall(r"(?<![\w.])[A-Za-z_]\w*(?:\.\w+)+", text):
        first, *rest = dotted.split(".")
        if first in known:
            continue
        with suppress(ImportError):
            yield first, importlib.import_module(first)
            for count in range(1, len(rest)):
                importlib.import_module(".".join([first, *rest[:count]]))
