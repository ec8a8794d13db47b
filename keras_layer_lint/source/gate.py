"""The cheapest test of all: whether the bytes of a file can define a class that klint has rules for."""

from __future__ import annotations

import re
from unicodedata import normalize

from keras_layer_lint.source.decode import is_wide

# Bases that settle it: a class with one of these alone is no Keras class.
_PLAIN_BASE = (
    rb"object|(?:\w+)?(?:Exception|Error|Warning)|unittest\.TestCase|(?:\w+\.)*TestCase|(?:enum\.)?\w*Enum|(?:abc\.)?ABC"
    rb"|(?:typing\.)?(?:NamedTuple|Protocol|TypedDict)|dict|list|tuple|str|int|float|set|type"
    rb"|(?:torch\.)?nn\.Module|(?:threading\.)?Thread"
)
# What begins with letters is searched for many times as fast.
_CLASS = re.compile(
    rb"class(?<!\Sclass)[\s\\]+[^\s(:\[\\]+[\s\\]*(?:\[(?:[^\]\r\n]|\][^(\r\n]){0,1000}\][\s\\]*)?"
    rb"\((?![\s\\]*(?:(?:" + _PLAIN_BASE + rb")\s*)?\))"
)
_METHOD = re.compile(
    rb"def[\s\\]+(?:call|build|__init__|__call__|get_config|from_config|compute_\w+|update_state|result|\w+_step)\b"
)

# A subclass may have nothing but what the `call` of its base calls.
_HELPER = re.compile(rb"def[\s\\]+\w+[\s\\]*\([\s\\]*self\b")
_TEST = re.compile(rb"def[\s\\]+(?:test_|setUp)")


# Functions may put a functional model together, or be given to Keras, with no class around.
_WIRING = re.compile(rb"Input\b[\s\\]*\(")
_GIVEN = (
    re.compile(rb"loss(?<!\wloss)[\s\\]*=[\s\\]*(\w+|[\[{(][^\])}]{0,400})"),
    re.compile(rb"metrics(?<!\wmetrics)[\s\\]*=[\s\\]*(\w+|[\[{(][^\])}]{0,400})"),
    re.compile(rb"activation(?<!\wactivation)[\s\\]*=[\s\\]*(\w+|[\[{(][^\])}]{0,400})"),
    re.compile(rb"Lambda(?<!\wLambda)[\s\\]*\([\s\\]*(\w+)"),
)
_NAME = re.compile(rb"\w+")
_FRAMEWORK = re.compile(rb"keras|tensorflow")
_FUNCTION = re.compile(rb"def(?:(?<![^\r\n]def)|(?<=async[ \t]def))[\s\\]+(\w+)")


def may_define_layer(data: bytes) -> bool:
    """Tell whether a file holds a class with bases worth following and a method that rules read or `call` may reach.

    A function that may put a functional model together counts as well.

    A layer may derive from a class of the project, so no Keras name need stand in the file. What passes here is
    indexed; LibCST sees a class only once the class graph knows that it derives from Keras. What is UTF-16 or UTF-32
    passes, to be refused by name.
    """
    if not any(_begins_line(data, found.start()) for found in _CLASS.finditer(data)):
        return is_wide(data) or _may_hold_function(data)
    if _METHOD.search(data) is not None or _METHOD.search(_normalized(data)) is not None:
        return True
    if _HELPER.search(data) is not None and _TEST.search(data) is None:
        return True
    return _may_hold_function(data)


def functions_to_give(data: bytes) -> frozenset[str]:
    """The names of functions that another file may give to Keras, where the file speaks of a framework."""
    if _FRAMEWORK.search(data) is None:
        return frozenset()
    return frozenset(name.decode("utf-8", "ignore") for name in _FUNCTION.findall(data))


def _may_hold_function(data: bytes) -> bool:
    has_function = _FUNCTION.search(data) is not None
    if has_function and b"tensorflow" in data and _WIRING.search(data) is not None:
        return True
    if b"keras" not in data or not (has_function or b"lambda" in data):
        return False
    given = {name for pattern in _GIVEN for found in pattern.findall(data) for name in _NAME.findall(found)}
    return b"lambda" in given or not given.isdisjoint(_FUNCTION.findall(data))


def _begins_line(data: bytes, position: int) -> bool:
    """Whether nothing but blanks stands before a place in its line."""
    while position and data[position - 1] in b" \t\f":
        position -= 1
    return not position or data[position - 1] in b"\r\n"


def _normalized(data: bytes) -> bytes:
    """Names as Python compares them, which may be written in letters that only look like `call`."""
    return b"" if data.isascii() else normalize("NFKC", data.decode("utf-8", "ignore")).encode("utf-8", "ignore")
