"""What attributes that are read from a name say of its kind, and which say nothing but that they are there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_layer_lint.confirm.planning.uses import Use, names

_STRING_METHODS = {"lower", "upper", "startswith", "endswith", "split", "strip", "format", "replace"}
_DICT_METHODS = {"items", "keys", "values", "get", "pop", "update"}
_LAYER_ATTRIBUTES = frozenset(
    "build built compute_output_shape weights trainable_weights trainable_variables variables units get_config call "
    "state_size output_size compute_mask input_spec losses trainable add_weight get_weights set_weights".split()
)
_MODEL_ATTRIBUTES = frozenset("input output inputs outputs input_shape output_shape get_layer predict".split())
_ARRAY_ATTRIBUTES = frozenset("shape dtype ndim T size numpy get_shape rank name".split())
_SPARSE_ATTRIBUTES = frozenset({"dense_shape"})
_RAGGED_ATTRIBUTES = frozenset(
    "row_splits row_lengths flat_values nested_row_splits bounding_shape value_rowids".split()
)
_TOLD_BY_ATTRIBUTE = (
    (_STRING_METHODS, "str"),
    (_DICT_METHODS, "dict"),
    (_MODEL_ATTRIBUTES, "model"),
    (_LAYER_ATTRIBUTES, "layer"),
)


def read_attribute(use: Use, attribute: str) -> None:
    """Count an attribute that is read."""
    for known, kind in _TOLD_BY_ATTRIBUTE:
        if attribute in known:
            use.kinds[kind] = None
            return
    if attribute in _SPARSE_ATTRIBUTES:
        use.tensor = use.tensor or "sparse"
    elif attribute in _RAGGED_ATTRIBUTES:
        use.tensor = use.tensor or "ragged"
    elif tells_nothing(attribute):
        use.attributes[attribute] = None


def tells_nothing(attribute: str) -> bool:
    """Whether it is no attribute of a tensor, a layer, a string or a dict."""
    told = {name for known, _ in _TOLD_BY_ATTRIBUTE for name in known}
    told |= _SPARSE_ATTRIBUTES | _RAGGED_ATTRIBUTES | _ARRAY_ATTRIBUTES
    return attribute not in told and not attribute.startswith("_")


def is_a_setting(path: str) -> bool:
    """Whether a path of attributes leads to a setting; models have an `input_shape`, and configurations have one."""
    *first, last = path.split(".")
    return all(map(tells_nothing, first)) and (tells_nothing(last) or last in _MODEL_ATTRIBUTES)


def chains(node: ast.Attribute) -> Iterator[tuple[str, str]]:
    """The name that attributes of attributes are read from, and the path: `config`, `model.width`."""
    path, value = [node.attr], node.value
    while isinstance(value, ast.Attribute):
        if isinstance(value.value, ast.Name) and value.value.id == "self":
            break
        path.insert(0, value.attr)
        value = value.value
    if len(path) > 1:
        for name in names(value):
            yield name, ".".join(path)
