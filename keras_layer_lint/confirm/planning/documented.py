"""Shapes of inputs that docstrings write out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SHAPE = r"[(\[]`?\s*(?:batch\w*|b|n|bs|none|samples|\?|\.\.\.)\s*,([^()\[\]]*)[)\]]"
_NAME = re.compile(r"[-*+`'\" ]{0,4}(?:param )?(\w{1,40})[`'\"]{0,2} ?(?:\([^()]{0,60}\))? ?[:=-]")
_BATCH = re.compile(r"batch\w{0,9}|b|n|bs|none|samples|\?|num_\w{1,20}", re.IGNORECASE)
_LONGEST, _FARTHEST, _MOST_AXES = 200, 80, 5
_DTYPE = re.compile(r"\b(u?int\d{0,2}|bool|string)\w{0,4}\b")
_DTYPES = {"int": "int32", "uint": "int32", "int64": "int64", "bool": "bool", "string": "string"}


@dataclass(frozen=True, slots=True)
class Documented:
    """What a docstring says of one input: `boxes: [batch, num_boxes, (y1, x1, y2, x2)]`."""

    axes: tuple[int | str, ...]
    """Their sizes or names, the batch first."""
    dtype: str = ""
    """Empty where it does not say."""


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


def documented_by_name(text: str) -> dict[str, Documented]:
    """The shapes that a docstring writes out beside the names of inputs, in order."""
    found: dict[str, Documented] = {}
    for line in text.splitlines():
        stripped = line.strip()[:_LONGEST]
        if (name := _NAME.match(stripped)) is None:
            continue
        axes = _axes(stripped[name.end() :])
        dtype = _DTYPE.search(stripped[len(name[1]) :].lower())
        if axes and len(axes) <= _MOST_AXES:
            known = _DTYPES.get(dtype[1], "int32" if "int" in dtype[1] else "") if dtype else ""
            found.setdefault(name[1], Documented(tuple(_axis(axis) for axis in axes), known))
    return found


def _axes(text: str) -> list[str]:
    """The axes of the shape that comes first, `(batch, steps)` or `[batch]`; none where there is no batch."""
    start = next((at for at, each in enumerate(text[:_FARTHEST]) if each in "(["), len(text))
    depth, axes = 0, [""]
    for each in text[start:]:
        depth += (each in "([") - (each in ")]")
        if not depth:
            break
        if each == "," and depth == 1:
            axes.append("")
        elif depth > 1 or each not in "([":
            axes[-1] += each
    axes = [axis.strip(" `") for axis in axes if axis.strip(" `")]
    is_a_shape = not depth and axes and _BATCH.fullmatch(axes[0]) is not None and "..." not in axes
    return axes if is_a_shape and (len(axes) > 1 or text[start] == "[") else []


def _axis(text: str) -> int | str:
    """A size or a name; of `(y1, x1, y2, x2)` how many there are."""
    text = text.strip(" `'\"*")
    if text.startswith("("):
        return len([part for part in text[1:-1].split(",") if part.strip()])
    return int(text) if text.isdigit() and 0 < int(text) < 512 else text
