"""What the annotation of a parameter names."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.model.syntax import walk


def names_in_annotation(annotation: cst.BaseExpression) -> set[str]:
    """The names in an annotation, of dotted ones each part."""
    return {
        child.value if isinstance(child, cst.Name) else child.attr.value
        for child in walk(annotation)
        if isinstance(child, cst.Name | cst.Attribute)
    }
