"""Whether a project gives its models no batch but such of a size that is known while they are traced: by text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from keras_layer_lint.source.text_places import has, in_code

_BATCHES = re.compile(r"\.(?:padded_)?batch\((?P<arguments>[^()]{0,300}(?:\([^()]{0,200}\)[^()]{0,200}){0,3})\)")
_BATCHED = re.compile(r"\.(?:padded_)?batch\(")
_ALL_ARE_WHOLE = re.compile(r"\bdrop_remainder\s{0,4}=\s{0,4}True\b")
_MAY_BE_WHOLE = re.compile(r"\bdrop_remainder\s{0,4}=\s{0,4}(?!False\b)")
_OPEN = re.compile(
    r"\b(?:Input|InputLayer)\(|\bsaved_model\b|\bTensorSpec\(\s{0,20}(?:shape\s{0,4}=\s{0,4})?[\[(]\s{0,20}None\b"
)
"""What traces layers on inputs of an open batch."""


def are_batches_known(texts: Iterable[str]) -> bool:
    """Whether each data set, one at least, is batched with `drop_remainder=True`, and nothing asks for an open one."""
    is_any = False
    for text in texts:
        if has(_OPEN, text):
            return False
        begins = sum(in_code(text, found.start()) for found in _BATCHED.finditer(text)) if "batch(" in text else 0
        if begins == 0:
            continue
        whole = [found for found in _BATCHES.finditer(text) if in_code(text, found.start())]
        if len(whole) != begins or any(_ALL_ARE_WHOLE.search(found["arguments"]) is None for found in whole):
            return False
        is_any = True
    return is_any


def may_batches_be_known(texts: Iterable[str]) -> bool:
    """Whether any data set may be batched without the rest that is left in the end."""
    return any("drop_remainder" in text and has(_MAY_BE_WHOLE, text) for text in texts)
