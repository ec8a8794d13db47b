"""Context managers of TensorFlow and Keras, by canonical name. All is written by hand."""

from __future__ import annotations

RUN_EAGERLY = frozenset({"tensorflow.init_scope"})
"""What is made in them is made eagerly, outside the graph."""
NAME_SCOPES = frozenset(
    {"keras.backend.name_scope", "keras.name_scope", "tensorflow.name_scope", "tensorflow.variable_scope"}
)
"""What they are given stands before the names of variables that are made in them."""
