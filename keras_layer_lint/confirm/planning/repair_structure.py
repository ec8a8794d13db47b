"""Other structures of inputs, where an error says that one is missing, too many, a list, or a dict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from keras_layer_lint.confirm.planning.changes import to_rank
from keras_layer_lint.confirm.planning.inputs import Inputs, Structure, Tensor, leaves
from keras_layer_lint.confirm.planning.seeds import called, for_key, plain, with_companion
from keras_layer_lint.confirm.planning.trouble import Trouble

_MOST = 6
PLACEHOLDERS = {"a", "b"}
"""Keys of a dict of which none is known yet."""
_NO_CONTAINER = re.compile(
    r"'(list|tuple|dict|TrackedList|ListWrapper)' object has no attribute|expects 1 input\(s\)|unhashable type: 'list'"
    r"|Expected a single|must be a single"
)
_COUNTED = re.compile(r"expects? (\d+) inputs?\b|exactly (\d+) inputs?|list of (\d+)|of length (\d+)|(\d+) inputs")
_COUNTED_IN_WORDS = re.compile(r"\b(two|three|four) (?:input|tensor)|pair of", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(list|tuple|sequence|at least \d inputs?|multiple inputs)\b|pair|iterat", re.IGNORECASE)
_DICT = re.compile(
    r"has no attribute '(keys|items|values|get)'|string indices|must be a dict|Expected a dict|indices must be"
)


def first_of(inputs: Inputs) -> Structure:
    """The first argument."""
    return inputs.positional[0] if inputs.positional else plain(2)


def missing(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """An argument that the call must have, or that the text names."""
    found = re.search(r"missing \d+ required (?:positional|keyword-only) arguments?: (.*)", trouble.text)
    taken = {parameter.name: parameter for parameter in called(layer)}
    names = re.findall(r"'(\w+)'", found[1]) if found else re.findall(r"[`'\"](\w+)[`'\"]", trouble.text)
    for name in dict.fromkeys(names):
        if name in taken and name not in inputs.named and list(taken).index(name) >= len(inputs.positional):
            inputs = with_companion(inputs, taken[name], layer)
            if not found:
                yield inputs
    if found:
        yield inputs


def unexpected(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """Without the argument that the call does not take."""
    found = re.search(r"unexpected keyword argument '(\w+)'", trouble.text)
    if found and found[1] in inputs.named:
        yield replace(inputs, named={name: value for name, value in inputs.named.items() if name != found[1]})
    if re.search(r"takes (\d+) positional arguments? but|Only input tensors may be passed", trouble.text):
        yield replace(inputs, positional=inputs.positional[:-1])


def none(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """What is None by default, where a line that fails on None names it."""
    if re.search(r"None|unknown rank", trouble.text):
        yield from optional(trouble, inputs, layer)


def optional(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """What is None by default and named on a line that the error passed through."""
    left = {
        parameter.name: parameter
        for number, parameter in enumerate(called(layer))
        if parameter.default is None and parameter.name not in inputs.named and number >= len(inputs.positional)
    }
    words = dict.fromkeys(word for line in trouble.lines for word in re.findall(r"\b\w+\b", line))
    found = [left[word] for word in words if word in left]
    for parameter in found:
        yield with_companion(inputs, parameter, layer)
    if len(found) > 1:
        together = inputs
        for parameter in found:
            together = with_companion(together, parameter, layer)
        yield together


def unpacked(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """As many elements, or axes, as are unpacked."""
    first = first_of(inputs)
    for wanted in re.findall(r"(?:not enough|too many) values to unpack \(expected (\d+)", trouble.text):
        count = int(wanted)
        ranks = [tensor.rank for tensor in inputs.tensors()]
        if trouble.lines and "shape" in trouble.lines[0] and count not in ranks:
            yield inputs.map(to_rank(count))
        if isinstance(first, Tensor) and count <= _MOST:
            yield inputs.with_first([first] * count)
        if isinstance(first, list) and first and len(first) != count:
            yield inputs.with_first([first[0]] * count)
        if count not in ranks:
            yield inputs.map(to_rank(count))


def keys(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """A dict with the keys that are read."""
    first = first_of(inputs)
    usual = next(leaves(first), plain(2))
    known = first if isinstance(first, dict) and first.keys() != PLACEHOLDERS else {}
    text = trouble.text
    wanted = re.findall(r"valid indices, got '(\w+)'", text)
    if isinstance(trouble.error, KeyError):
        wanted.append(text.strip("'\" \n"))
    for key in wanted:
        if re.fullmatch(r"\w+", key) and key not in known:
            yield inputs.with_first({**known, key: for_key(key, usual.rank)})
    if "dict" in text and (listed := re.findall(r"""["'](\w+)["']:""", text.partition("}")[0])):
        yield inputs.with_first({key: for_key(key, usual.rank) for key in listed})
    if _DICT.search(text):
        read = re.findall(r"""\[["'](\w+)["']\]""", " ".join(trouble.lines)) or sorted(PLACEHOLDERS)
        yield inputs.with_first({key: for_key(key, usual.rank) for key in read})


def containers(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[Inputs]:
    """A list where several are asked for, one tensor where a list is none."""
    first = first_of(inputs)
    if isinstance(first, (list, tuple, dict)) and _NO_CONTAINER.search(trouble.text):
        yield inputs.with_first(next(iter(inputs.tensors()), plain(2)))
    count = _count(trouble.text)
    if not 0 < count <= _MOST:
        return
    element = first[0] if isinstance(first, (list, tuple)) and first else first
    for number in (count, 3) if count == 2 and isinstance(first, list) else (count,):
        if (changed := [element] * number) != first:
            yield inputs.with_first(changed)


def _count(text: str) -> int:
    if found := _COUNTED.search(text):
        return int(next(group for group in found.groups() if group))
    if found := _COUNTED_IN_WORDS.search(text):
        return {"two": 2, "three": 3, "four": 4}.get((found[1] or "two").lower(), 2)
    return 2 if _SEVERAL.search(text.replace("list of allowed values", "")) else 0
