"""Which public names the installed Keras of each generation and TensorFlow have.

The data, `exports.json`, is measured by `tools/exports.py`. It speaks of the versions that it was measured with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from keras_layer_lint.keras.tables import read_table
from keras_layer_lint.target import Generation

SUBMODULE = "?"
"""Stands before a module that can be imported, and is an attribute of the one around it only after that."""
_ROOT = re.compile(r"(tensorflow\.(?:compat\.v2\.)?keras|tf_keras|keras)(?:\.|\Z)")
_TENSORFLOW = re.compile(r"tensorflow\.([A-Za-z]\w*)\Z")


@cache
def _modules(root: str) -> Mapping[str, frozenset[str]]:
    return {module: frozenset(names.split()) for module, names in read_table("exports")[root].items()}


def exists(name: str, generation: Generation) -> bool | None:
    """Whether a module, class or function of Keras or TensorFlow is there under a generation; None: not known.

    What an object of Keras has, and what stands in private modules, is not known.
    """
    if found := _TENSORFLOW.match(name):
        return found[1] in _modules("tensorflow")[""]
    root = _ROOT.match(name)
    if root is None:
        return None
    rest = name[root.end() :]
    if generation is Generation.KERAS2:
        found_2 = _found(rest, _modules("2 keras"))
        # Older releases had more than the last one: only what came with Keras 3 is certainly not there.
        return False if found_2 is False and _found(rest, _modules("3 keras")) else found_2 or None
    if root[1] == "tf_keras":
        return None
    return _found(rest, _modules("3 keras" if root[1] == "keras" else "3 tensorflow.keras"))


def beside_missing(name: str) -> tuple[str, frozenset[str]] | None:
    """The first part of a name that neither generation has, as a full name, and the names that stand beside it.

    None where all is there, or where it is not known what is.
    """
    if (found := _TENSORFLOW.match(name)) is not None:
        names = _modules("tensorflow")[""]
        return None if found[1] in names else (name, names)
    root = _ROOT.match(name)
    if root is None:
        return None
    tables = [_modules("2 keras")]
    if root[1] != "tf_keras":
        tables.append(_modules("3 keras" if root[1] == "keras" else "3 tensorflow.keras"))
    module = ""
    for part in name[root.end() :].lstrip(".").split("."):
        known = [table[module] for table in tables if module in table]
        if not known or part == "src" or not part or part.startswith("_"):
            return None
        names = frozenset[str]().union(*known)
        if f"{SUBMODULE}{part}" in names:
            return None
        module = f"{module}.{part}".lstrip(".")
        if part not in names:
            return f"{root[1]}.{module}", names
    return None


def has_less_than_tensorflow(module: str) -> bool:
    """Whether `tf.keras` has names in a module of Keras 3 that `keras` itself lacks there, or in a module below."""
    own, other = _modules("3 keras"), _modules("3 tensorflow.keras")
    path = module.partition(".")[2]
    below = [each for each in other if not path or each == path or each.startswith(f"{path}.")]
    return any(other[each] - own.get(each, frozenset()) for each in below)


def _found(path: str, modules: Mapping[str, frozenset[str]]) -> bool | None:
    module = ""
    for part in path.split(".") if path else ():
        if module not in modules or part == "src" or part.startswith("_"):
            return None
        if part not in modules[module]:
            return None if f"{SUBMODULE}{part}" in modules[module] else False
        module = f"{module}.{part}".lstrip(".")
    return True
