"""The usual sizes and objects, and the row of a table of names."""

from __future__ import annotations

from dataclasses import dataclass

BATCH = 5
"""Layers that unpack or index their batch by mistake are not to succeed by chance."""
WIDTH, STEPS, SIDE, VOCABULARY = 8, 4, 8, 16
"""The last axis, the axis of time, the sides of an image, and how many kinds of tokens there are."""
COLUMNS = 4
"""How many columns of features a list has; fewer do not get through convolution and pooling."""

DENSE = f"keras.layers.Dense({WIDTH})"
TWO_OUTPUTS = (
    f"keras.Model(inner := keras.Input(({STEPS}, {WIDTH})), "
    f"[{DENSE}(inner), keras.layers.GlobalAveragePooling1D()(inner)])"
)
OF_SEVERAL = "lambda first, *others: first"
OF_WORDS = "lambda *parts, **words: (*parts, *words.values())[0]"
OF_A_LIST_AND_WORDS = "lambda parts, *others, **words: parts[0]"
OF_A_LIST = (
    "keras.layers.Lambda(lambda parts: parts[0])",
    "keras.layers.Lambda(lambda parts: parts[0][:, :1])",  # one number for each node
    "keras.layers.Lambda(lambda parts: parts[0][:, :2])",  # one for each of two clusters
)
"""Of [nodes, edges, ...] and the like."""
MATRIX = f"np.eye({STEPS}, dtype='float32')"
OF_A_BATCH = f"np.eye({BATCH}, dtype='float32')"
"""Nodes that are no batch have as many rows."""
ARRAY = f"np.ones(({VOCABULARY}, {WIDTH}), 'float32')"
RNN = f"keras.layers.SimpleRNN({WIDTH}, return_sequences=True)"


@dataclass(frozen=True, slots=True)
class Named:
    """What the name of a parameter says of its values."""

    pattern: str
    """Of the name in lower case, without underscores around it."""
    values: tuple[str, ...]
    """Candidates as Python text, the likeliest first."""
    samples: tuple[str, ...]
    """Real parameters for which this row comes first: `keras 3.15.1: Dense.units`."""
