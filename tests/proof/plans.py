"""How to construct a layer and what to call it on, found by trying."""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.proof.framework import Framework

WIDTH = 8

SHAPES: tuple[tuple[tuple[int, ...], ...], ...] = (
    ((WIDTH,),),
    ((4, WIDTH),),
    ((6, 6, WIDTH),),
    ((WIDTH,), (WIDTH,)),
    ((4, WIDTH), (4, WIDTH)),
    ((4,),),
    ((4, 4),),
)
"""Shapes of the inputs, without the batch; several: a list of inputs."""

_BY_NAME: tuple[tuple[str, tuple[Any, ...]], ...] = (
    (r"kernel_size|pool_size|window", (3, 2)),
    (r"units|filters|channels|dim|width|features|depth|hidden|classes|size|embed", (WIDTH, 2)),
    (r"heads|num|count|steps?|length|order|degree|factor|levels|power|repeats|groups|n_.*", (2, 4)),
    (r"rate|alpha|beta|gamma|scale|slope|threshold|limit|keep|cutoff|momentum|epsilon|value|start", (0.5,)),
    (r"axis", (-1,)),
    (r"activation", ("relu",)),
    (r"initializer", ("ones",)),
    (r"name", ("given",)),
    (r"shape", ((WIDTH,),)),
    (r"weights|rates", ([0.5, 0.5],)),
)
_OTHERWISE = (2, 0.5, "relu", [1.0, 2.0], (WIDTH,))
_OF_EVERY_LAYER = {"name", "trainable", "dtype"}
_LIMIT = 24


@dataclass(frozen=True, slots=True)
class Plan:
    """Arguments of the constructor (each made anew, for layers keep state), the inputs, keywords of the call."""

    arguments: tuple[tuple[str, Any], ...]
    shapes: tuple[tuple[int, ...], ...]
    dtype: str = "float32"
    as_list: bool = False
    masked: bool = False
    largest: float = 0.9
    batch: int = 3

    def make(self, cls: Any, **more: Any) -> Any:
        return cls(**{name: made(value) for name, value in self.arguments} | more)

    def arrays(self) -> list[Any]:
        random = np.random.default_rng(7)
        return [
            random.integers(0, 4, (self.batch, *shape)).astype(self.dtype)
            if self.dtype.startswith("int")
            else random.uniform(0.1, self.largest, (self.batch, *shape)).astype(self.dtype)
            for shape in self.shapes
        ]

    def run(self, framework: Framework, layer: Any) -> Any:
        tensors = [framework.tf.constant(array) for array in self.arrays()]
        return self.call(framework, layer, tensors)

    def symbolic_inputs(self, framework: Framework) -> list[Any]:
        return [framework.keras.Input(shape, dtype=self.dtype) for shape in self.shapes]

    def signature(self, framework: Framework) -> list[Any]:
        """The inputs as a traced function takes them, of any batch size."""
        return [framework.tf.TensorSpec((None, *shape), self.dtype) for shape in self.shapes]

    def call(self, framework: Framework, layer: Any, tensors: list[Any]) -> Any:
        if self.masked:
            tensors = [framework.keras.layers.Masking()(tensor) for tensor in tensors]
        return layer(tensors) if self.as_list else layer(*tensors)

    def __str__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.arguments)
        mask = " with a mask" if self.masked else ""
        return f"({arguments}) on {self.batch} of {self.dtype}{list(self.shapes)} up to {self.largest}{mask}"


@dataclass(frozen=True, slots=True)
class _Dense:
    """A layer as an argument, made when the plan is used."""

    framework: Framework


def made(value: Any) -> Any:
    return value.framework.keras.layers.Dense(WIDTH) if isinstance(value, _Dense) else value


def plans(framework: Framework, cls: Any, given: dict[str, Any] | None = None) -> Iterator[Plan]:
    """Every plan worth trying, the likeliest first. `given` arguments stand in all of them."""
    call = inspect.signature(cls.call).parameters
    needed = [name for name, parameter in call.items() if _is_required(parameter)][1:]
    shapes = [(shape * len(needed), "float32", False) for shape in SHAPES if len(shape) == 1 and len(needed) > 1]
    if len(needed) <= 1:
        shapes = [(shape, "float32", len(shape) > 1) for shape in SHAPES] + [(((4,),), "int32", False)]
    masks = (False, True) if "mask" in call else (False,)
    for arguments in constructors(framework, cls, given or {}):
        for (largest, batch), masked in itertools.product(((0.9, 3), (9.0, 3), (0.9, 1)), masks):
            for shape, dtype, as_list in shapes:
                if dtype == "float32" or not (masked or largest > 1.0):
                    yield Plan(tuple(arguments.items()), shape, dtype, as_list, masked, largest, batch)


def init_parameters(cls: Any) -> dict[str, inspect.Parameter]:
    return dict(list(inspect.signature(cls.__init__).parameters.items())[1:])


def other_value(framework: Framework, default: Any) -> Any:
    """A value of the same kind that is not the default."""
    match default:
        case bool():
            return not default
        case int():
            return default + 1
        case float():
            return default + 0.25
        case _ if callable(default):
            return framework.keras.initializers.Ones()
    return None


def others(framework: Framework, cls: Any) -> dict[str, Any]:
    """Optional arguments that the class itself takes, each with a value that is not its default."""
    return {
        name: value
        for name, parameter in (init_parameters(cls) if "__init__" in vars(cls) else {}).items()
        if parameter.default is not parameter.empty
        and name not in _OF_EVERY_LAYER
        and (value := other_value(framework, parameter.default)) is not None
    }


def _is_required(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind not in (
        parameter.VAR_POSITIONAL,
        parameter.VAR_KEYWORD,
    )


def constructors(framework: Framework, cls: Any, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    tried: list[list[str]] = []
    needed: list[str] = []
    for base in cls.__mro__:
        if "__init__" not in vars(base):
            continue
        parameters = init_parameters(base)
        needed += [name for name, value in parameters.items() if _is_required(value) and name not in needed]
        if needed not in tried:
            tried.append(list(needed))
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
            break
    for names in tried:
        wanted = [name for name in names if name not in given]
        for values in itertools.islice(_short_first([_candidates(framework, name) for name in wanted]), _LIMIT):
            yield dict(zip(wanted, values, strict=True)) | given


def _candidates(framework: Framework, name: str) -> list[Any]:
    matching = [values for pattern, values in _BY_NAME if re.search(rf"(?:^|_)(?:{pattern})(?:_|$)", name)]
    found: list[Any] = [value for values in matching for value in values]
    if re.search(r"layer|inner|cell|block", name):
        found.insert(0, _Dense(framework))
    if re.search(r"function|fn|func", name):
        found.insert(0, framework.keras.activations.relu)
    return found + [value for value in _OTHERWISE if value not in found] + [_Dense(framework)]


def _short_first(candidates: list[list[Any]]) -> list[tuple[Any, ...]]:
    """The product, ordered by how far from the first choices it goes."""
    choices = itertools.product(*(range(len(values)) for values in candidates))
    return [
        tuple(values[index] for values, index in zip(candidates, chosen, strict=True))
        for chosen in sorted(itertools.islice(choices, 2000), key=sum)
    ]
