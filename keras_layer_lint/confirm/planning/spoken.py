"""What an input is by its name: tokens, a mask, images, boxes; dicts of columns, where the code goes through them."""

from __future__ import annotations

import re

from keras_layer_lint.confirm.planning.forms import COLUMN_NAMES, Form
from keras_layer_lint.confirm.planning.inputs import Structure, Tensor
from keras_layer_lint.confirm.planning.plain import plain
from keras_layer_lint.confirm.planning.uses import Use
from keras_layer_lint.confirm.planning.usual import BATCH, STEPS

IMAGE = Tensor("float32", (BATCH, 32, 32, 3))
TOKENS = re.compile(r"(^|_)(tokens?|ids?|ind(ices|ex)|idx|words?|categor\w{1,20}|labels?|classes)(_\d+)?$")
MASK = re.compile(r"masks?$")
IMAGES = re.compile(r"(^|_)(images?|imgs?|pixels?|frames?)$")
BOXES = re.compile(r"(^|_)(boxes|bboxes|rois|bounding_boxes)$")
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


def of_form(form: Form, name: str, use: Use) -> Structure:
    """Dicts of columns, by the names that arguments have for them, where dicts are gone through."""
    if form.held is not None:
        return {column: Tensor("int32", (BATCH, 1)) for column in COLUMN_NAMES}
    if len(form.parts) < 2:
        return for_key(name, 2)
    count = max(form.parts) + 1
    names = use.elements(count) or ("",) * count
    return [of_form(form.parts.get(at, Form()), names[at], Use()) for at in range(count)]
