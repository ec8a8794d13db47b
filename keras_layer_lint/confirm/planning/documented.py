"""Shapes of inputs that docstrings write out."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SHAPE = r"[(\[]`?\s*(?:batch\w*|b|n|bs|none|samples|\?|\.\.\.)\s*,([^()\[\]]*)[)\]]"


def documented(text: str) -> Iterator[tuple[int, ...]]:
    """Shapes such as `(batch_size, steps, 8)` and words such as `3D tensor`."""
    for match in re.finditer(_SHAPE, text, re.IGNORECASE):
        axes = [axis.strip() for axis in match[1].split(",") if axis.strip()]
        if "..." not in match[0] and len(axes) <= 5:
            yield tuple(int(axis) if axis.isdigit() and 0 < int(axis) < 512 else -1 for axis in axes)
    for match in re.finditer(r"\b([2-5])\s?-?D\b[ -]*(?:float |int )?tensor", text):
        yield (-1,) * (int(match[1]) - 1)
    for match in re.finditer(r"\brank[- ]([2-5])\b", text, re.IGNORECASE):
        yield (-1,) * (int(match[1]) - 1)
