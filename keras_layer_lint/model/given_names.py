"""Which imported names a text may give to Keras as functions: this costs no tree, and is asked of all files."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NOT_CALLED = r"(?![\w.(\[])"
_VALUE = rf"[\s\\]*=[\s\\]*([\w.]+{_NOT_CALLED}|[\[{{(][^\])}}]{{0,400}})"
# What begins with letters is searched for many times as fast.
_LOSSES = (re.compile(rf"loss(?<!\wloss){_VALUE}"), re.compile(rf"metrics(?<![^\W_]metrics){_VALUE}"))
_ACTIVATION = re.compile(rf"activation(?<!\wactivation){_VALUE}")
_LAMBDA = re.compile(rf"Lambda(?<!\wLambda)[\s\\]*\([\s\\]*([\w.]+){_NOT_CALLED}")
_COMPILES = re.compile(r"\.compile[\s\\]*\(")
_NAME = re.compile(r"(?<![\w'\".])([A-Za-z_]\w*)((?:\.\w+)*)(?![\w'\".(])")
_IMPORT = re.compile(r"import(?<!\wimport)[\s\\]+(\*|\([^)]{0,4000}|(?:[^\n\\(]|\\\n){1,2000})")
_WORD = re.compile(r"\w+")
_ALIAS = re.compile(r"(?<!\w)(\w{1,80})[ \t]{1,4}as[ \t]{1,4}(\w{1,80})")


def names_given(text: str) -> frozenset[str]:
    """The last names of what a text imports and may give to Keras, as they are where they are imported from."""
    given = {found for value in _values(text) for found in _NAME.findall(value)}
    if not given:
        return frozenset()
    imports = _IMPORT.findall(text)
    imported = {word for each in imports for word in _WORD.findall(each)}
    if "*" not in imports:
        given = {(head, rest) for head, rest in given if head in imported}
    names = {(rest or head).rpartition(".")[2] for head, rest in given}
    names.update(name for each in imports for name, alias in _ALIAS.findall(each) if alias in names)
    return frozenset(names)


def _values(text: str) -> Iterator[str]:
    """What may be a function, or a list or dict of some."""
    if "activation" in text:
        yield from _ACTIVATION.findall(text)
    if "Lambda" in text:
        yield from _LAMBDA.findall(text)
    if ".compile" in text and _COMPILES.search(text) is not None:
        for pattern in _LOSSES:
            yield from pattern.findall(text)
