"""Whether a project is for several backends of Keras 3, and what says so.

Its settings say it, its description, the extras that it is installed with, or what it is tested on. Code that imports
a framework says nothing: Keras on JAX reads its data with TensorFlow, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from keras_layer_lint.model.backend import CHOSEN_IN, choices, workflows
from keras_layer_lint.model.class_graph import Project
from keras_layer_lint.model.requirements import descriptions, extras, name_of, requirements, texts
from keras_layer_lint.model.targets import nearest
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.module_index import ModuleIndex

_SHOWN = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
_WORDS = {"tf": "tensorflow", "pytorch": "torch"}
_NAME = r"\b(?:tensorflow|jax|(?:py)?torch)\b"
_AND = r"(?:and|or|&)\s{1,20}"
_LISTED = re.compile(rf"{_NAME}(?:\s{{0,20}}(?:[,/]\s{{0,20}}(?:{_AND})?|{_AND}){_NAME})+", re.IGNORECASE)
"""Names of frameworks in one list: `JAX, TensorFlow, and PyTorch`."""
_EACH = re.compile(_NAME, re.IGNORECASE)
_LINK = re.compile(r"\[([^\]\[]{1,60})\]\([^)\s]{1,300}\)")
_MATRIX = re.compile(r"\bKERAS_BACKEND:\s*\$\{\{\s*matrix\.([\w-]+)\s*\}\}")
_AROUND = 120
"""As many characters around a list may say that it is of backends."""


def several_backends(module: ModuleIndex, settings: Settings, project: Project) -> str | None:
    """What says that the project of a module is for several backends; None where nothing does."""
    if settings.backends:
        return f"the settings name {_all(settings.backends)}"
    if settings.backend is not None:
        return None
    return nearest(module.path.parent, project, project.folder_several_backends, _of_metadata) or None


def _of_metadata(folder: Path, package: str) -> str | None:
    for name, text in descriptions(folder, package):
        if found := _described(text):
            return f"{name} names {_all(found)}"
    own = {_WORDS.get(name, name) for name in extras(folder, package)} & _SHOWN.keys()
    if _may_be_several(own) and any(name_of(each) == "keras" for each in requirements(folder, package)):
        return f"it can be installed with {_all(own)}"
    tested = set(choices([*texts(folder, CHOSEN_IN), *workflows(folder)])) & _SHOWN.keys()
    tested.update(name for text in workflows(folder) for name in _of_matrix(text))
    return f"`KERAS_BACKEND` is set to {_all(tested)}" if len(tested) > 1 else None


def _may_be_several(names: Iterable[str]) -> bool:
    """Whether these are backends of Keras 3: only that has JAX among them."""
    return "jax" in names and len(set(names)) > 1


def _described(text: str) -> set[str]:
    """The frameworks that a description lists as backends of Keras."""
    if "jax" not in text.lower() or "keras" not in text.lower():
        return set()
    text = _LINK.sub(r"\1", text)
    for listed in _LISTED.finditer(text):
        names = {_WORDS.get(word.lower(), word.lower()) for word in _EACH.findall(listed[0])}
        around = text[max(0, listed.start() - _AROUND) : listed.end() + _AROUND]
        if _may_be_several(names) and ("KERAS_BACKEND" in text or "backend" in around.lower()):
            return names
    return set()


def _of_matrix(text: str) -> Iterator[str]:
    """The backends that a workflow runs with one after the other."""
    for key in _MATRIX.findall(text):
        for listed in re.findall(
            rf"^[ \t]*{re.escape(key)}:[ \t]*(\[[^\]]{{0,500}}\]|(?:\n[ \t]*-.*){{1,50}})", text, re.MULTILINE
        ):
            yield from (name for name in re.findall(r"[\w-]+", listed) if name in _SHOWN)


def _all(names: Iterable[str]) -> str:
    """The names as a text lists them."""
    *most, last = [shown for name, shown in _SHOWN.items() if name in names]
    return f"{', '.join(most)} and {last}"
