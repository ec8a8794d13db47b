"""What the code of a module or of a folder says about the generation of Keras that it is written for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from keras_layer_lint.keras.exports import exists
from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.target import Generation


@dataclass(frozen=True, slots=True)
class Choice:
    """The generations that something is linted for, and what speaks for them, as the summary says it."""

    generations: frozenset[Generation]
    why: str


def choice(generation: Generation, why: str) -> Choice:
    """One generation, and what speaks for it."""
    return Choice(frozenset({generation}), why)


_IS_KERAS = re.compile(r"(?:tensorflow\.)?keras\b|tf_keras\b")
_ROOTS = ("keras", "tensorflow", "tf_keras")
_IDIOMS = (
    (re.compile(r"\.add_variable\("), "`add_variable` is called"),
    (re.compile(r"\.add_weight\(\s*[rbf]?['\"]"), "`add_weight` gets the name first"),
    (re.compile(r"\btensorflow\.compat\.v1\b|\btf\.compat\.v1\.(?!keras)"), "`tf.compat.v1` is used"),
    (re.compile(r"\btf\.(?:contrib|Session|placeholder|get_variable|layers\.)\b"), "code of TensorFlow 1 is used"),
)
"""Ways to write that Keras 3 does not take, or that are older than it."""


_COMMENT = re.compile(r"#.*")
_COMMENT_BYTES = re.compile(rb"#.*")


def of_module(module: ModuleIndex) -> Choice | None:
    """What the names that a module uses and its idioms speak for; None where they say nothing.

    What only Keras 3 has counts more than what only Keras 2 has: beside it, a removed name is a fault.
    """
    old: str | None = None
    for name in _names(module):
        if not _IS_KERAS.match(name):
            continue  # names of TensorFlow also stand in texts; those that are older than Keras 3 are idioms
        if exists(name, Generation.KERAS2) is False and exists(name, Generation.KERAS3):
            return choice(Generation.KERAS3, f"only Keras 3 has `{_written(name)}`")
        if old is None and exists(name, Generation.KERAS3) is False and exists(name, Generation.KERAS2):
            old = f"Keras 3 has no `{_written(name)}`"
    if old is None:
        text = _COMMENT.sub("", module.text)
        old = next((why for pattern, why in _IDIOMS if pattern.search(text)), None)
    return None if old is None else choice(Generation.KERAS2, old)


def _names(module: ModuleIndex) -> Iterator[str]:
    """The absolute names of Keras and TensorFlow that a module imports or reads."""
    text = _COMMENT.sub("", module.text)
    locals_ = {}
    for local, targets in module.imports.items():
        for target in targets:
            if target.partition(".")[0] in _ROOTS:
                yield target
                locals_[local] = target
    if not locals_:
        return
    chain = re.compile(rf"(?<![\w./])({'|'.join(map(re.escape, locals_))})((?:\.(?!io\b)[A-Za-z]\w*)+)")
    for local, rest in sorted(set(chain.findall(text))):
        yield locals_[local] + rest


def _written(name: str) -> str:
    return name.replace("tensorflow.", "tf.", 1)


_MAX_FILES = 40
_MAX_BYTES = 200_000
_ONLY_3 = re.compile(
    rb"\bkeras\.(?:ops|random|tree)\b|from keras import [^\n]{0,100}\bops\b|\bkeras_hub\b|\bkeras_core\b"
)
_ONLY_2 = re.compile(
    rb"\btensorflow_addons\b|\.add_variable\(|\bAbstractRNNCell\b|experimental(?:\.| import )preprocessing"
    rb"|\btensorflow\.python\.keras\b|\b(?:import|from) tf_keras\b|\btf\.(?:contrib|Session|placeholder|get_variable)\b"
    rb"|\bkeras\.(?:engine|utils\.np_utils|layers\.(?:core|merge|recurrent|convolutional))\b"
    rb"|\.add_weight\(\s*['\"]"
)


def of_folder(folder: Path, package: str) -> Choice | None:
    """What the Python files of a folder speak for, where none of them contradicts; only their text is searched."""
    old: str | None = None
    for path in sorted(folder.glob("*.py"))[:_MAX_FILES]:
        try:
            with path.open("rb") as file:
                data = _COMMENT_BYTES.sub(b"", file.read(_MAX_BYTES))
        except OSError:
            continue
        if _ONLY_3.search(data):
            return None
        if old is None and (found := _ONLY_2.search(data)):
            words = " ".join(found[0].decode("ascii", "replace").split()).strip(".( '\"")
            old = f"`{path.name}` beside it has `{words}`"
    return None if old is None else choice(Generation.KERAS2, old)
