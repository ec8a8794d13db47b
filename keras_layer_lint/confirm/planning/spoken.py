"""What an input is by its name, and by those of its axes: tokens, a mask, images, boxes; dicts of columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from keras_layer_lint.confirm.planning.documented import Documented
from keras_layer_lint.confirm.planning.forms import COLUMN_NAMES, Form
from keras_layer_lint.confirm.planning.graphs import graphs
from keras_layer_lint.confirm.planning.inputs import Structure, Tensor
from keras_layer_lint.confirm.planning.plain import plain
from keras_layer_lint.confirm.planning.uses import Use
from keras_layer_lint.confirm.planning.usual import BATCH, SIDE, STEPS, WIDTH

LENGTHS = Tensor("int32", (BATCH,), STEPS + 1, least=1)
IMAGE = Tensor("float32", (BATCH, 32, 32, 3))
TOKENS = re.compile(r"(^|_)(tokens?|ids?|ind(ices|ex)|idx|words?|categor\w{1,20}|labels?|classes)(_\d+)?$")
MASK = re.compile(r"masks?$")
IMAGES = re.compile(r"(^|_)(images?|imgs?|pixels?|frames?)$")
BOXES = re.compile(r"(^|_)(boxes|bboxes|rois|bounding_boxes)$")
_SIDES = re.compile(r"^[hw]\d?$|height|^(image_?)?width|^rows$|^col(umn)?s$", re.IGNORECASE)
_WIDTHS = re.compile(r"dim|model|units|feature|channel|hidden|embed|depth|size|filters|width|^[cdfe]$", re.IGNORECASE)
_LONGEST = 1024
_MOST_COLUMNS = 64
_NUMBER = re.compile(r"(^|_)(\d_)?number$")


def for_key(key: str, rank: int) -> Tensor:
    """What a dict of inputs holds under a key, or a list in the place that has a name."""
    spoken = key.lower()
    if TOKENS.search(spoken):
        return Tensor("int32", (BATCH, STEPS))
    if MASK.search(spoken):
        return Tensor("int32", (BATCH, STEPS), 2)
    if IMAGES.search(spoken):
        return IMAGE
    if BOXES.search(spoken):
        return Tensor("float32", (BATCH, STEPS, 4))
    if _NUMBER.search(spoken):
        return Tensor("float32", (BATCH, 1))
    return plain(rank)


def of_axes(name: str, known: Documented, layer: Any) -> Tensor:
    """The tensor whose axes a docstring names; an axis is as long as the attribute of the layer of that name says."""
    shape = (BATCH, *[axis if isinstance(axis, int) else _size(axis, layer) for axis in known.axes[1:]])
    dtype = known.dtype or ("int32" if TOKENS.search(name.lower()) else "float32")
    return Tensor(dtype, shape)


def _size(axis: str, layer: Any) -> int:
    held = vars(layer)
    for name in (axis, axis.lower(), f"_{axis}", f"_{axis.lower()}"):
        if type(held.get(name)) is int and 0 < held[name] <= _LONGEST:
            return int(held[name])
    if _SIDES.search(axis):
        return SIDE
    return WIDTH if _WIDTHS.search(axis) else STEPS


def of_form(form: Form, name: str, use: Use, layer: Any = None) -> Structure:
    """Dicts of columns, by the names that the layer or arguments have for them, where dicts are gone through."""
    if form.held is not None:
        return {column: Tensor("int32", (BATCH, 1)) for column in _columns_of(layer) or COLUMN_NAMES}
    if len(form.parts) < 2:
        return for_key(name or form.name, 2)
    count = max(form.parts) + 1
    own = tuple(form.parts.get(at, Form()).name for at in range(count))
    names = use.elements(count) or own
    if not form.is_nested and (graph := next(graphs(names), None)) is not None:
        return graph
    return [of_form(form.parts.get(at, Form()), names[at], Use(), layer) for at in range(count)]


def _columns_of(layer: Any) -> list[str]:
    """The keys of the first dict of layers that a layer holds."""
    for held in vars(layer).values() if layer is not None else ():
        if isinstance(held, Mapping) and held and all(isinstance(key, str) and callable(held[key]) for key in held):
            return list(held)[:_MOST_COLUMNS]
    return []
