"""Whether a project gives its models no batch but such of a size that is known while they are traced: by text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from keras_layer_lint.model.mentions import HEAD, Mentions
from keras_layer_lint.source.text_places import has, in_code

_BATCHES = re.compile(r"\.(?:padded_)?batch\((?P<arguments>[^()]{0,300}(?:\([^()]{0,200}\)[^()]{0,200}){0,3})\)")
_BATCHED = re.compile(r"\.(?:padded_)?batch\(")
_ALL_ARE_WHOLE = re.compile(r"\bdrop_remainder\s{0,4}=\s{0,4}True\b")
_MAY_BE_WHOLE = re.compile(r"\bdrop_remainder\s{0,4}=\s{0,4}(?!False\b)")
_OPEN = re.compile(
    r"\b(?:Input|InputLayer)\(|\bsaved_model\b|\bTensorSpec\(\s{0,20}(?:shape\s{0,4}=\s{0,4})?[\[(]\s{0,20}None\b"
)
"""What traces layers on inputs of an open batch."""
_INPUTS = re.compile(r"\bInput(?:Layer)?\((?P<arguments>[^()]{0,300}(?:\([^()]{0,200}\)[^()]{0,200}){0,3})\)")
_INPUT = re.compile(r"\bInput(?:Layer)?\(")
_SIZED = re.compile(
    r"\bbatch_size\s{0,4}=\s{0,4}(?!None\b)|\bbatch(?:_input)?_shape\s{0,4}=\s{0,4}[\[(]\s{0,20}(?!None\b)"
)
_NO_SIZE = re.compile(r"\bbatch_size\s{0,4}(?::[^=,()]{0,60})?=\s{0,4}None\b")
"""A parameter that may be left out, or a size that is not known yet."""


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


def are_inputs_sized(text: str) -> bool:
    """Whether each input of the functional models that a text makes, one at least, has a batch of a known size."""
    begins = sum(in_code(text, found.start()) for found in _INPUT.finditer(text)) if "Input" in text else 0
    whole = [found for found in _INPUTS.finditer(text) if in_code(text, found.start())]
    return 0 < begins == len(whole) and all(map(_is_sized, whole)) and not has(_NO_SIZE, text)


def is_on_sized_inputs(named: Mentions, file: int, name: str) -> bool:
    """Whether all that makes objects of a class calls them in functional models whose batches have a known size."""
    waiting, seen = [(file, name)], {(file, name)}
    while waiting:
        mentions = list(named.of(*waiting.pop()))
        if not mentions:
            return False
        for place in dict.fromkeys(mention.place for mention in mentions):
            statement = named.statement(place)
            head = HEAD.match(statement)
            if head is None or head["kind"] is None:
                statement = named.files[place.file].text
            if are_inputs_sized(statement):
                continue
            if head is None or head["kind"] != "class" or _INPUT.search(statement) is not None:
                return False
            key = (place.file, head["name"])
            if key not in seen:  # it holds them, and whoever makes it decides
                seen.add(key)
                waiting.append(key)
    return True


def _is_sized(found: re.Match[str]) -> bool:
    return _SIZED.search(found["arguments"]) is not None
