"""What to call a constructed layer on: candidates from its state, its source and the names of its parameters."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from keras_layer_lint.confirm.planning.annotations import annotated_value, annotation, is_list_of_tensors
from keras_layer_lint.confirm.planning.declared import declared, quietly
from keras_layer_lint.confirm.planning.fitted import fitted, of_used_kind
from keras_layer_lint.confirm.planning.graphs import graphs
from keras_layer_lint.confirm.planning.inputs import Inputs, Structure, Tensor, leaves
from keras_layer_lint.confirm.planning.named_tuples import annotated, filled
from keras_layer_lint.confirm.planning.parts import taken
from keras_layer_lint.confirm.planning.plain import SHAPES, plain
from keras_layer_lint.confirm.planning.reading import Reading
from keras_layer_lint.confirm.planning.spoken import BOXES, IMAGE, IMAGES, LENGTHS, MASK, TOKENS, for_key, of_form
from keras_layer_lint.confirm.planning.uses import Use
from keras_layer_lint.confirm.planning.usual import BATCH, COLUMNS, SIDE, STEPS, WIDTH
from keras_layer_lint.keras.methods import WORKING

_PASSED_BY_NAME = {"training": True, "return_attention_scores": True, "use_causal_mask": False}
_TEXT = re.compile(r"(^|_)(texts?|strings?|sentences?)$")
_STATES = re.compile(r"(^|_)(states?|carry|memory_state|hidden_states?_list)$")
_FLAG = re.compile(r"^(use|return|is|apply)_|^training$|^deterministic$|^inference$")
_SCALAR = re.compile(r"(^|_)(step|offset|position|timestep|cache_update_index|temperature)$")
_SIDE_OF_STEPS = math.isqrt(STEPS)
"""Height and width of the image that a usual sequence is made of."""
_LENGTHS = re.compile(r"_lengths?$|_lens?$|^lengths$|^lens$")
_COUNT = re.compile(r"(^|_)(count|num)$")
_WIDTH = re.compile(r"(^|_)(d_?model|(model|embed|embedding|hidden|input|in|feature)_?(dim|size)|input_channels)$")
_WIDEST = 1024
_MOST_COLUMNS = 16
_ENCODED = re.compile(r"(^|_)(enc(oder|oded|oding)?|memory|context|hidden|features?|embed(ded|dings?)?)(_|$)")
"""Beside tokens: what another part of a network has made of some."""
_SHAPE = re.compile(r"(^|_)(shape|size)$")


def called(layer: Any) -> list[inspect.Parameter]:
    """What the method takes that does the work, without self; or an own `__call__` that stands before it."""
    return taken_by(type(layer))


def with_training_named(inputs: Inputs, cls: type) -> Inputs:
    """The same call with `training`, and what comes after it, by name: others say whether it trains."""
    names = [each.name for each in taken_by(cls) if each.kind is each.POSITIONAL_OR_KEYWORD]
    at = names.index("training") if "training" in names else len(names)
    if not at < len(inputs.positional) <= len(names):
        return inputs
    named = dict(zip(names[at:], inputs.positional[at:], strict=False))
    return Inputs(inputs.positional[:at], named | inputs.named)


def taken_by(cls: type) -> list[inspect.Parameter]:
    """What calls of objects of a class take."""
    for method in (_own_call(cls), *(getattr(cls, name, None) for name in WORKING)):
        if method is None:
            continue
        try:
            return list(inspect.signature(method).parameters.values())[1:]
        except (TypeError, ValueError):
            return []
    return []


def _own_call(cls: type) -> Any:
    """The `__call__` of a class, where Keras has another that it stands before, and it takes more than what comes."""
    owner, *others = [each for each in cls.__mro__ if "__call__" in vars(each)] or [object]
    if not others:
        return None
    method = vars(owner)["__call__"]
    try:
        parameters = list(inspect.signature(method).parameters.values())[1:]
    except (TypeError, ValueError):
        return None
    is_named = any(each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD) for each in parameters)
    return method if is_named else None


def needed(layer: Any) -> list[inspect.Parameter]:
    """Parameters a call must give; those of `*args` count as one."""
    found: list[inspect.Parameter] = []
    for number, parameter in enumerate(called(layer)):
        if parameter.kind is parameter.VAR_KEYWORD or (number and _is_given_by_keras(parameter)):
            continue
        if parameter.kind is parameter.VAR_POSITIONAL:
            if not found:
                found.append(parameter)
        elif parameter.default is parameter.empty or number == 0:
            found.append(parameter)
    return found


def _is_given_by_keras(parameter: inspect.Parameter) -> bool:
    """Keras gives `training` to each call; a mask that must be there it only gives where one was computed."""
    return parameter.name == "training" or (parameter.name == "mask" and parameter.default is not parameter.empty)


def seeds(layer: Any, reading: Reading) -> Iterator[Inputs]:
    """Inputs worth trying, the likeliest first."""
    wanted = needed(layer)
    if not wanted:
        yield Inputs()
        return
    first, *others = wanted
    use = _use_of_first(first.name, reading)
    parts = taken(layer)
    for structure in _first_structures(layer, first.name, use, reading, parts):
        for as_used in fitted(structure, use, reading, layer):
            inputs = Inputs((as_used,))
            for other in others:
                inputs = with_companion(inputs, other, layer, reading.of(other.name), parts)
            yield inputs


def with_companion(
    inputs: Inputs,
    parameter: inspect.Parameter,
    layer: Any,
    use: Use | None = None,
    parts: Mapping[str, Tensor] | None = None,
) -> Inputs:
    """The inputs with a value for one more parameter, of the kind that its uses take.

    `parts`: what parts of the layer take that get a parameter of that name.
    """
    use = use or Use()
    known = taken(layer) if parts is None else parts
    value = companion(parameter.name, inputs.positional[0] if inputs.positional else plain(3), layer, known)
    if _STATES.search(parameter.name.lower()) and "list" in use.kinds:
        value = states(layer, next(iter(inputs.tensors()), plain(2)))
    if use.lengths or (_LENGTHS.search(parameter.name) and not inputs.named and isinstance(value, Tensor)):
        value = LENGTHS
    said = annotated_value(annotation(layer, parameter.name), parameter.name, next(iter(inputs.tensors()), plain(2)))
    if said is not None and not isinstance(value, (list, dict)):
        value = said
    value = True if list(use.kinds) == ["flag"] else of_used_kind(value, use)
    if use.in_shape and isinstance(value, Tensor):
        value = _SIDE_OF_STEPS
    if ("tensors" in use.kinds or use.numbered) and isinstance(value, Tensor) and value.rank:
        value = [value] * COLUMNS
    by_position = parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    by_position = by_position and parameter.default is parameter.empty
    by_position = by_position and [each.name for each in called(layer)].index(parameter.name) == len(inputs.positional)
    if by_position and not inputs.named and any(True for _ in leaves(value)):
        return Inputs((*inputs.positional, value))
    return inputs.with_named(**{parameter.name: value})


def companion(name: str, first: Structure, layer: Any, parts: Mapping[str, Tensor]) -> Structure:
    """What goes with the first input under the name of another parameter."""
    tensor = next(leaves(first), plain(2))
    spoken = name.lower()
    if spoken in _PASSED_BY_NAME:
        return _PASSED_BY_NAME[spoken]
    if _FLAG.search(spoken):
        return True
    if spoken == "mask" and isinstance(first, (list, tuple)):
        return [_mask_of(each) for each in leaves(first)]
    if MASK.search(spoken):
        if "attention" in spoken and tensor.rank >= 3:
            return Tensor("bool", (*tensor.shape[:2], tensor.shape[1]))
        return _mask_of(tensor)
    if _STATES.search(spoken) and (spoken.endswith("s") or quietly(layer, "state_size") is not None):
        return states(layer, tensor)  # one `state` of what is no cell is a tensor
    if name in parts:
        return parts[name]
    if _SCALAR.search(spoken):
        return Tensor("int32", ())
    if TOKENS.search(spoken):
        return Tensor("int32", tensor.shape[:2] if tensor.dtype != "int32" else tensor.shape)
    if _SHAPE.search(spoken):
        return tensor.shape
    if BOXES.search(spoken):
        return Tensor("float32", (BATCH, STEPS, 4))
    if tensor.rank == 2 and tensor.dtype == "int32" and _ENCODED.search(spoken):
        return Tensor("float32", (BATCH, STEPS, next(iter(_widths(layer)), WIDTH)))
    return first


def _mask_of(tensor: Tensor) -> Tensor:
    return Tensor("bool", tensor.shape[:2] if tensor.rank >= 3 else tensor.shape)


def states(layer: Any, tensor: Tensor) -> Structure:
    """The state of a cell, as its `state_size` says."""
    batch = tensor.shape[:1] or (BATCH,)

    def of(size: Any) -> Structure:
        if isinstance(size, (list, tuple)) and not all(isinstance(axis, int) for axis in size):
            return [of(each) for each in size]
        if isinstance(size, int):
            return Tensor("float32", (*batch, size))
        try:
            return Tensor("float32", (*batch, *[int(axis) for axis in size]))
        except TypeError:
            return Tensor("float32", (*batch, WIDTH))

    size = quietly(layer, "state_size") or WIDTH
    return [of(each) for each in size] if isinstance(size, (list, tuple)) else [of(size)]


def _use_of_first(name: str, reading: Reading) -> Use:
    """How the first input is used; `build` speaks of it as `inputs`."""
    own, built = reading.of(name), reading.of("inputs")
    if name == "inputs":
        return own
    return replace(
        own,
        items=max(own.items, built.items),
        keys=own.keys or built.keys,
        divisors=own.divisors | built.divisors,
        rank=max(own.rank, built.rank),
    )


def _first_structures(
    layer: Any, name: str, use: Use, reading: Reading, parts: Mapping[str, Tensor]
) -> Iterator[Structure]:
    yield from declared(layer)
    if (named := annotated(layer)) is not None:
        yield from filled(named, for_key)
    spoken = name.lower()
    ranks = [use.rank] if 0 < use.rank < 6 else []
    documented = [shape for shape in dict.fromkeys(reading.documented) if shape]
    form = reading.inputs.get(name)
    if form is not None and (form.has_mappings() or form.is_unpacked_within()):
        yield of_form(form, name, use, layer)
    containers = list(_containers(use, [*ranks, 2, 3, 4], parts))
    said = annotation(layer, name)
    if is_list_of_tensors(said):  # one tensor can be unpacked, too, but not in a graph
        yield from (each for each in containers if isinstance(each, list))
        yield from (annotated_value(said, name, plain(rank)) for rank in dict.fromkeys([*ranks, 3, 4, 2]))
        return
    if not use.either:
        yield from containers
    if use.joined:
        yield from _columns(layer)
    if name in parts:
        yield parts[name]
        if parts[name] == plain(4):
            yield IMAGE
    if _SCALAR.search(spoken):
        yield from (Tensor("int32", ()), Tensor("float32", ()))
    if _SHAPE.search(spoken):
        yield SHAPES[2]
    if _TEXT.search(spoken):
        yield plain(2, "string")
    if use.integer or TOKENS.search(spoken):
        yield from (Tensor("int32", (BATCH, STEPS)), Tensor("int32", (BATCH,)))
    if IMAGES.search(spoken):
        yield from (Tensor("float32", (BATCH, SIDE, SIDE, 3)), IMAGE)
    for rank in ranks:
        yield plain(rank)
    for shape in documented[:3]:
        usual = plain(len(shape) + 1).shape[1:]
        yield Tensor("float32", (BATCH, *[own if own > 0 else axis for own, axis in zip(shape, usual, strict=True)]))
    for rank in (2, 3, 4):
        yield plain(rank)
    for width in _widths(layer):
        yield from (replace(plain(rank), shape=(*plain(rank).shape[:-1], width)) for rank in (3, 2))
    yield from containers
    yield [plain(2)] * 2
    yield Tensor("int32", (BATCH, STEPS))
    yield [plain(3)] * 2
    yield IMAGE
    yield Tensor("float32", (BATCH, STEPS, STEPS))
    yield plain(5)
    yield [plain(4)] * 2
    yield [plain(2)] * 3
    yield [plain(3)] * 3
    yield Tensor("string", (BATCH, STEPS))
    yield Tensor("float32", (BATCH, 1))


def _columns(layer: Any) -> Iterator[Structure]:
    """A list of columns of numbers of things, as many as the layer has a list of how many things there are."""
    for held in vars(layer).values():
        if (
            isinstance(held, (list, tuple))
            and 1 < len(held) <= _MOST_COLUMNS
            and all(type(each) is int for each in held)
        ):
            yield [Tensor("int32", (BATCH, 1))] * len(held)
            return


def _widths(layer: Any) -> list[int]:
    """The width that attributes of the layer name, where that is not the usual one."""
    named = [value for name, value in vars(layer).items() if _WIDTH.search(name) and type(value) is int]
    return [value for value in dict.fromkeys(named) if WIDTH < value <= _WIDEST][:1]


def _element(name: str, rank: int) -> Tensor:
    """What a list of inputs holds in the place that has a name; a number of something stands in no dict."""
    return Tensor("int32", (), least=1) if _COUNT.search(name.lower()) else for_key(name, rank)


def _containers(use: Use, ranks: list[int], parts: Mapping[str, Tensor]) -> Iterator[Structure]:
    for rank in ranks:
        if use.keys:
            yield {key: parts.get(key) or for_key(key, rank) for key in dict.fromkeys(use.keys)}
    for names in use.ways:
        yield from graphs(names)
    names = use.elements(use.items) or tuple(use.indexed.get(at, "") for at in range(use.items))
    said = list(parts.values()) if len(parts) > 1 and parts.keys().isdisjoint(names) else []
    if 1 < len(said) <= use.items:
        yield [*said, *(_element(name, said[0].rank) for name in names[len(said) :])]
    for rank in ranks:
        if use.items > 1 and any(name in parts or _element(name, rank) != plain(rank) for name in names):
            yield [parts.get(name) or _element(name, rank) for name in names]
    for rank in ranks:
        if use.items > 1 and (use.items != use.rank or "list" in use.kinds):
            yield [plain(rank)] * use.items
        elif "tensors" in use.kinds:
            yield [plain(rank)] * COLUMNS
