"""What is kept of code that is gone: a server lints version after version of a text, and its memory must not grow.

Many questions of klint about code are answered once and kept, for as many modules as a run may have. Each version of a
text is another module.
"""

from __future__ import annotations

import gc
import sys
from typing import Any

import keras_layer_lint


def forget_code() -> None:
    """Drop the answers about code; facts that stand in tables are kept."""
    for name, module in list(sys.modules.items()):
        if name.startswith(keras_layer_lint.__name__):
            for value in list(vars(module).values()):
                if _is_about_code(value):
                    value.cache_clear()
    gc.collect()


def _is_about_code(value: Any) -> bool:
    """Whether it is a function that keeps its last answers; one that keeps all of them is asked about names only."""
    parameters = getattr(value, "cache_parameters", None)
    return parameters is not None and hasattr(value, "cache_clear") and parameters()["maxsize"] is not None
