"""Tensors in a dtype, where code has made numbers of them."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.fixes.expressions import called
from keras_layer_lint.fixes.place import Place

_LAYER = m.Name(m.MatchIfTrue(lambda name: name.endswith(("Layer", "Model"))))
_SHAPES = frozenset({"tensorflow.shape", "keras.ops.shape"})


def float_type(place: Place) -> cst.BaseExpression:
    """The dtype that a layer computes with; 32 bits in what is none."""
    method, owner = place.function, place.owner
    parameters = [] if method is None else [each.name.value for each in method.params.params[:1]]
    bases = [] if owner is None else [each.value for each in owner.bases]
    is_layer = any(m.matches(base, _LAYER | m.Attribute(attr=_LAYER)) for base in bases)
    return cst.parse_expression("self.compute_dtype" if is_layer and parameters == ["self"] else '"float32"')


def is_size(place: Place, node: cst.BaseExpression) -> bool:
    """Whether an expression is one size of a tensor: `tf.shape(x)[0]`."""
    return isinstance(node, cst.Subscript) and called(place, node.value) in _SHAPES
