"""What code finds installed where it runs under one generation of Keras: versions and a backend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.keras.names import FRAMEWORKS
from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.target import Generation

KERAS_2 = ("2.4.3", "2.6.0", "2.9.0", "2.10.0", "2.11.0", "2.12.0", "2.13.1", "2.14.0", "2.15.0", "2.18.0", "2.21.0")
KERAS_3 = ("3.0.0", "3.0.5", "3.3.3", "3.5.0", "3.6.0", "3.8.0", "3.9.2", "3.10.0", "3.12.0", "3.13.1", "3.15.1")
TENSORFLOW = ("2.4.4", "2.6.5", "2.9.3", "2.10.1", "2.11.1", "2.12.1", "2.13.1", "2.14.1", "2.15.1", "2.18.1", "2.21.0")
TENSORFLOW_WITH_KERAS_3 = ("2.16.1", "2.16.2", "2.17.1", "2.18.0", "2.18.1", "2.19.0", "2.19.1", "2.20.0", "2.21.0")


@dataclass(frozen=True, slots=True)
class Installation:
    """One that code may meet. Keras 2 is that of TensorFlow 2, as everywhere in klint."""

    generation: Generation
    keras: str
    tensorflow: str
    backend: str


@cache
def installations(generation: Generation, backend: str) -> Sequence[Installation]:
    """A sample of the installations that a generation stands for: old releases and new ones.

    What comes out alike in all of them holds for the generation. `backend` is what Keras 3 runs on.
    """
    if generation is Generation.KERAS2:
        return [Installation(generation, *versions, "tensorflow") for versions in zip(KERAS_2, TENSORFLOW, strict=True)]
    count = len(TENSORFLOW_WITH_KERAS_3)
    return [
        Installation(generation, keras, TENSORFLOW_WITH_KERAS_3[number % count], backend)
        for number, keras in enumerate(KERAS_3)
    ]


_SAYS = re.compile(r"\bversion\(|\bVERSION\b|\bbackend\(\)")
_HANDLES = re.compile(r"except\b(?:[ \t]*:|[^:]{0,200}?(?:(?:Import|ModuleNotFound|Attribute)Error|Exception)\b)")
_HAS = re.compile(r"hasattr\(\s*(?!(?:self|cls)\b)(\w+)")
_TESTED = re.compile(r"[ \t\n(](?:if|and|or|not)[ \t(]+(?!not\b)([A-Za-z_]\w*)((?:\.\w+)*)(?![\w.]|\(\s*[^)\s\"'\d])")
"""A name in a test. A function that says what is installed takes nothing, or a version."""

_FLAG = re.compile(
    r"(?:\A|\.)[A-Z_\d]+\Z|(?i:keras|tf|tensor|version|backend|jax|torch|theano|cntk|legacy|compat|old|new|modern|multi"
    r"|install|available|has_|support|v\d|\d\Z|generation|ops|eager|graph|api|import)"
)
"""What flags that say what is installed are called: a constant, or a name that speaks of it."""


def asks(module: ModuleIndex) -> bool:
    """Whether the text of a module may ask what is installed, or test a flag that comes from elsewhere."""
    text = module.text
    if _asks_itself(text) or ("hasattr" in text and any(head in module.imports for head in _HAS.findall(text))):
        return True
    for head, rest in set(_TESTED.findall(text)):
        if head in ("self", "cls"):
            if rest.count(".") == 1 and _is_flag(rest) and f"{rest} = " not in text and f"{rest[1:]} = " not in text:
                return True
        elif head in module.imports and _is_flag(rest or head) and any(map(is_of_project, module.imports[head])):
            return True
    return False


def _asks_itself(text: str) -> bool:
    # Plain words are looked for first: a pattern takes ten times as long, and most modules have none of them.
    return (
        "__version__" in text
        or (any(word in text for word in ("version(", "VERSION", "backend()")) and _SAYS.search(text) is not None)
        or ("except" in text and _HANDLES.search(text) is not None)
    )


@lru_cache(maxsize=8192)
def _is_flag(name: str) -> bool:
    return _FLAG.search(name) is not None


def may_say(text: str, name: str) -> bool:
    """Whether a module may say by a name what is installed: a test of its text that parses nothing.

    A variable may, and an import; of a function or a class only a short one, or one that asks itself.
    """
    definition = re.search(rf"^(?:def|class)[ \t]+{name}\b", text, re.MULTILINE)
    if definition is None:
        return re.search(rf"\b{name}\b", text) is not None
    end = _NEXT_LINE.search(text, definition.end())
    body = text[definition.start() : end.start() if end is not None else len(text)]
    return body.count("\n") < _SHORT or _asks_itself(body) or _HAS.search(body) is not None


_NEXT_LINE = re.compile(r"^[^\s#)\]}]", re.MULTILINE)
"""What follows a definition at module level."""
_SHORT = 12
"""Lines of a function that is no more than a test."""


def is_of_project(dotted: str) -> bool:
    """Whether an absolute name may be of a module of the project: it is of no package that is known."""
    return dotted.partition(".")[0] not in _OTHERS


_OTHERS = FRAMEWORKS | {"typing", "os", "sys", "math", "logging", "collections", "functools", "absl", "re"}
