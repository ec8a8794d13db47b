"""Whether layers are called on batches themselves, whose size is known while a function is traced: by text alone.

A function under `tf.function` is traced for the shape of what it is called with. The size is open where inputs are
symbolic, where a signature says so, and where the function itself goes through a data set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from keras_layer_lint.source.text_places import has, in_code, uncommented

_OPEN = re.compile(
    r"\b(?:Input|InputLayer|export|TensorSpec|get_concrete_function)\(|\b(?:saved_model|SavedModel|TFLite|input_signature)\b"
    r"|\bautograph\b|\b(?:jax\.jit|jit_compile)\b"
    r"|\.build\(\s{0,40}(?:input_shape\s{0,4}=\s{0,4})?(?:[\w.]{1,60}\()?[\[(]{1,2}\s{0,40}None\b|\btf\.function\((?!\s{0,20}(?:\)|\w{1,60}\s{0,4}=))"
)
"""What calls layers on inputs of an open batch, or may do so."""
_DECORATOR = re.compile(r"(?P<indent>[ \t]{0,60})@(?:tf\.)?function\b")
_GOES_THROUGH = re.compile(r"\bfor\b[^\n]{1,200}?\bin\b(?P<what>[^\n:]{1,200}):|\bnext\(|\.reduce\(|\bget_next\(")
_OF_DATA = re.compile(r"data|\bds\b|_ds\b|load|iter|batch|train|valid|test", re.IGNORECASE)
_RANGE = re.compile(r"\s{0,20}(?:tf\.)?range\(")
_FED = re.compile(r"\.(?:add|append|extend|insert)\((?:\s{0,9}\d{1,3}\s{0,9},)?\s{0,20}\[?\s{0,20}\Z")
_LONGEST_LIST = 1500


def may_be_open(text: str) -> bool:
    """Whether a text may call layers on inputs whose batch has no size while they are traced."""
    return has(_OPEN, text) or any(map(_goes_through_data, _compiled(text)))


def _compiled(text: str) -> Iterator[str]:
    """The functions that are compiled, as they are written below the decorator."""
    lines = text.split("\n") if "function" in text else []
    for number, line in enumerate(lines):
        found = _DECORATOR.match(line)
        if found is not None:
            yield "\n".join(_below(lines, number + 1, found["indent"]))


def _below(lines: list[str], begin: int, indent: str) -> Iterator[str]:
    """The lines of a definition, with further decorators."""
    is_within = False
    for line in lines[begin:]:
        is_head = line.startswith((f"{indent}@", f"{indent}def ", f"{indent}async def ", f"{indent})"))
        if is_head and is_within and not line.startswith(f"{indent})"):
            return
        if line.strip() and not is_head and not line.startswith((f"{indent} ", f"{indent}\t")):
            return
        is_within = is_within or line.startswith((f"{indent}def ", f"{indent}async def "))
        yield line


def _goes_through_data(body: str) -> bool:
    for found in uncommented(_GOES_THROUGH, body):
        what = found["what"]
        if what is None or (_RANGE.match(what) is None and _OF_DATA.search(what) is not None):
            return True
    return False


def is_put_into_models(text: str, names: Iterable[str]) -> bool:
    """Whether a text hands objects of some classes to a Sequential, or to a list that one may be made of."""
    for name in names:
        for found in re.finditer(rf"(?<![\w.])(?:\w{{1,60}}\.){{0,4}}{re.escape(name)}\(", text):
            before = text[max(0, found.start() - _LONGEST_LIST) : found.start()]
            begin = before.rfind("Sequential(")
            is_within = begin >= 0 and before.count("(", begin) > before.count(")", begin)
            if (is_within or ("Sequential(" in text and _FED.search(before))) and in_code(text, found.start()):
                return True
    return False
