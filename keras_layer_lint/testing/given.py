"""A layer that a test makes and calls, in the form that the oracles of confirm mode run."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from keras_layer_lint.confirm.edits import Source
from keras_layer_lint.confirm.framework import Framework, version_of
from keras_layer_lint.confirm.planning.inputs import DTYPES, Inputs, Tensor, parse
from keras_layer_lint.confirm.planning.plan import Call, Plan
from keras_layer_lint.confirm.planning.values import seed, structures, tensor_of
from keras_layer_lint.confirm.probe import Probe
from keras_layer_lint.confirm.scripts import Script
from keras_layer_lint.confirm.subject import Subject
from keras_layer_lint.source.decode import decode, read_source
from keras_layer_lint.target import Generation


def framework_of(cls: Any) -> Framework:
    """The Keras that a class is built on, as it is imported already.

    Raises TypeError for a class that is built on none.
    """
    for base in cls.__mro__:
        package = base.__module__.partition(".")[0]
        if package in ("keras", "tf_keras"):
            break
    else:
        raise TypeError(f"{cls.__name__} is built on no class of Keras")
    keras = import_module(package)
    generation = Generation.KERAS2 if version_of(keras).startswith("2.") else Generation.KERAS3
    backend = "tensorflow" if generation is Generation.KERAS2 else str(keras.backend.backend())
    tensorflow = import_module("tensorflow") if backend == "tensorflow" else None
    return Framework(generation, backend, keras, tensorflow, import_module("numpy"))


@dataclass(frozen=True, slots=True)
class GivenPlan(Plan):
    """A plan whose layer is made by a function, and whose inputs may be arrays of the caller's."""

    factory: Callable[[], Any] = field(default=lambda: None, repr=False)
    arrays_given: tuple[Any, ...] | None = field(default=None, repr=False)
    """The arrays of all inputs, in order; None where they are drawn."""

    def make(self) -> Any:
        """Make a layer, from the same random numbers each time."""
        seed(self.framework, self.draw)
        return self.factory()

    def call_inputs(self, batch: int | None = None) -> Call:
        """The arguments of a call; of another batch size, the first examples again and again."""
        if self.arrays_given is None:
            return Plan.call_inputs(self, batch)
        return self._in_order(batch, lambda tensor, array: tensor_of(self.framework, tensor, array))

    def arrays(self, batch: int | None = None) -> Call:
        """The same as NumPy arrays."""
        if self.arrays_given is None:
            return Plan.arrays(self, batch)
        return self._in_order(batch, lambda tensor, array: array)

    def _in_order(self, batch: int | None, make: Callable[[Tensor, Any], Any]) -> Call:
        waiting = iter(self.arrays_given or ())
        own = self.given.batch

        def value(tensor: Tensor) -> Any:
            array = next(waiting)
            if batch is not None and batch != own and tensor.shape[:1] == (own,):
                array = array.take(range(batch), axis=0, mode="wrap")
            return make(tensor, array)

        return structures(self.given, value)


def plan_of(framework: Framework, factory: Callable[[], Any], cls: Any, inputs: Any, call: Mapping[str, Any]) -> Plan:
    """The plan for inputs as a test gives them: arrays, structures of them, or text.

    Raises InputsError for a text that spells no inputs, TypeError for an array of a dtype that no tensor has.
    """
    if isinstance(inputs, str):
        spelled = parse(inputs)
        given, arrays = Inputs(spelled.positional, {**spelled.named, **call}), None
    else:
        found: list[Any] = []
        positional = () if inputs is None else (_described(framework, inputs, found),)
        given = Inputs(positional, {name: _described(framework, value, found) for name, value in call.items()})
        arrays = tuple(found)
    return GivenPlan(cls, framework, "", given, "test", factory=factory, arrays_given=arrays)


def _described(framework: Framework, value: Any, arrays: list[Any]) -> Any:
    """The structure with a Tensor in the place of each array, which is kept in `arrays`."""
    if isinstance(value, (list, tuple)):
        return type(value)([_described(framework, item, arrays) for item in value])
    if isinstance(value, dict):
        return {key: _described(framework, item, arrays) for key, item in value.items()}
    if not (isinstance(value, framework.np.ndarray) or framework.is_tensor(value)):
        return value
    array = framework.np.asarray(value)
    dtype = "string" if array.dtype.kind in "OSU" else str(array.dtype)
    if dtype not in DTYPES:
        raise TypeError(f"an input has the dtype {dtype}, which no tensor has")
    arrays.append(array)
    return Tensor(dtype, tuple(array.shape))


class GivenSubject(Subject):
    """A class that the process has imported already: it is used as it is, and never executed anew."""

    def __init__(self, framework: Framework, cls: Any) -> None:
        self._cls = cls
        self.framework = framework
        self.path = path_of(cls)
        self.script = Script()
        self.name = cls.__module__
        self.module = sys.modules.get(cls.__module__)
        self.source = Source(decode(read_source(Path(self.path))).replace("\r\n", "\n") if self.path else "")
        self.probe = Probe(
            path=self.path,
            shown=self.path,
            root="",
            module=cls.__module__,
            class_name=cls.__qualname__,
            generation=framework.generation,
            backend=framework.backend,
            everything=True,
        )

    def load(self, *_: Any, **__: Any) -> Any:
        """The class."""
        return self._cls

    def custom_objects(self) -> dict[str, Any]:
        """The class and the classes and functions of its module."""
        found = Subject.custom_objects(self) if self.module is not None else {}
        return {self._cls.__name__: self._cls, **found}

    def _named(self) -> Any:
        return self._cls


def path_of(cls: Any) -> str:
    """The file of a class; empty where it has none."""
    try:
        path = inspect.getsourcefile(cls) or ""
    except (OSError, TypeError):
        return ""
    return path if Path(path).is_file() else ""
