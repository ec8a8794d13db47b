"""What Keras 3 runs on, when the user does not say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from keras_layer_lint.model.class_graph import Project
from keras_layer_lint.model.requirements import name_of, readmes, requirements, texts
from keras_layer_lint.model.targets import TENSORFLOW, nearest
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.module_index import ModuleIndex

_OPEN = ""
"""Several are chosen, as by a project that tests all of them."""

_CHOICE = re.compile(
    r"""KERAS_BACKEND['"]?\]?(?:\s+(?:[=,:]\s*)?|[=,:]\s*)['"]?(tensorflow|jax|torch|numpy|openvino)\b"""
)
_COMMENT = re.compile(r"^[^\S\n]*#.*$", re.MULTILINE)
CHOSEN_IN = ("pyproject.toml", ".env", "Dockerfile", "tox.ini", "setup.cfg")
"""Files beside workflows that set the environment variable."""
_ON_JAX = frozenset({"jax", "jaxlib"})
_FRAMEWORKS = frozenset({"jax", "torch"})
_ON_OTHERS = TENSORFLOW | {"tensorflow-addons", "tensorflow-text", "tf-keras", "torch"}


_NAMED = re.compile(r"\b(tensorflow|jax|(?:py)?torch)\b", re.IGNORECASE)
_NAMES = {"pytorch": "torch"}
_TOLD = re.compile(
    rf"{_NAMED.pattern}[\s*`_'\"-]{{0,4}}backend\b|\bbackend\b[\s*`_:=-]{{1,6}}{_NAMED.pattern}", re.IGNORECASE
)
"""Where a text calls a framework a backend: `Keras (Torch backend)`."""
_LEFT_OPEN = re.compile(
    r"\b(?:not|without|option\w*|experimental\w*|soon|todo|planned|instead)\b|n't\b|\bno[ *`_-]{1,4}\Z", re.IGNORECASE
)
_AROUND = 40
"""Words by which a line says that it may be another, or is none; as many characters around it are searched."""


def backend_of(module: ModuleIndex, settings: Settings, project: Project) -> str:
    """Tell what a module runs on under Keras 3.

    A module that imports TensorFlow runs on nothing else; then what it chooses itself; then what the project chooses
    or requires; then the default.
    """
    if settings.backend is not None:
        return settings.backend
    imported = {name.partition(".")[0] for names in module.imports.values() for name in names}
    imported.update(name.partition(".")[0] for name in module.star_imports)
    if "tensorflow" in imported:
        return "tensorflow"
    return (
        _chosen([module.text])
        or nearest(module.path.parent, project, project.folder_backends, _of_metadata)
        or _imported_alone(imported, module.text)
        or settings.default_backend
    )


def _imported_alone(imported: set[str], text: str) -> str | None:
    """What a module without TensorFlow runs on that imports one framework, and does not ask which is chosen."""
    found = imported & _FRAMEWORKS
    return found.pop() if len(found) == 1 and "backend()" not in text else None


def _of_metadata(folder: Path, package: str) -> str | None:
    chosen = _chosen([*texts(folder, CHOSEN_IN), *workflows(folder)])
    required = set(map(name_of, requirements(folder, package)))
    if required & TENSORFLOW and required & _ON_JAX and "torch" in required:
        return _OPEN  # it is to run on any: one is chosen for a machine, or for some tests
    if chosen is not None:
        return chosen
    if required & _ON_JAX and not required & _ON_OTHERS:
        return "jax"
    return None if required & _ON_OTHERS else _told(folder)


def _told(folder: Path) -> str | None:
    """The one backend that a README speaks of, where it speaks of no other and of none as something open."""
    lines = [line for text in texts(folder, readmes(folder)) if "ackend" in text for line in text.splitlines()]
    told = [(line, found) for line in lines for found in _TOLD.finditer(line)]
    named = {_NAMES.get(name.lower(), name.lower()) for line, _ in told for name in _NAMED.findall(line)}
    is_one = len(named) == 1 and not any(_is_left_open(line, found) for line, found in told)
    return named.pop() if is_one else None


def _is_left_open(line: str, told: re.Match[str]) -> bool:
    around = (line[max(0, told.start() - _AROUND) : told.start()], line[told.end() : told.end() + _AROUND])
    return any(_LEFT_OPEN.search(part) is not None for part in around)


def needs_tensorflow(module: ModuleIndex, project: Project) -> bool:
    """Whether its project requires TensorFlow and names no other backend, not even for an extra."""
    return nearest(module.path.parent, project, project.folders_on_tensorflow, _requires_tensorflow) or False


def _requires_tensorflow(folder: Path, package: str) -> bool | None:
    if _chosen([*texts(folder, CHOSEN_IN)]) is not None:
        return False
    required = set(map(name_of, requirements(folder, package)))
    if not required & TENSORFLOW:
        return False if required & (_ON_JAX | {"torch"}) else None
    return not (required | set(map(name_of, requirements(folder, package, extras=True)))) & (_ON_JAX | {"torch"})


def workflows(folder: Path) -> Iterator[str]:
    """The workflows that GitHub runs for a project."""
    inside = folder / ".github" / "workflows"
    return texts(inside, sorted(path.name for pattern in ("*.yml", "*.yaml") for path in inside.glob(pattern)))


def choices(written: Iterable[str]) -> set[str]:
    """The backends that texts set the environment variable to."""
    return {name for text in written if "KERAS_BACKEND" in text for name in _CHOICE.findall(_COMMENT.sub("", text))}


def _chosen(written: Iterable[str]) -> str | None:
    """The backend that texts set the environment variable to; none where they differ."""
    found = choices(written)
    return found.pop() if len(found) == 1 else _OPEN if found else None
