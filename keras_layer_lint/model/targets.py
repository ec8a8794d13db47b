"""Which Keras generations a class is written for, when the user does not say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from keras_layer_lint.model import idioms
from keras_layer_lint.model.alternatives import of_alternatives
from keras_layer_lint.model.class_graph import ClassInfo, Project
from keras_layer_lint.model.idioms import Choice
from keras_layer_lint.model.requirements import name_of, requirements, texts
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.source.project_root import REPOSITORY_MARKS, has_mark
from keras_layer_lint.target import Generation, generations_of

if TYPE_CHECKING:
    from packaging.requirements import Requirement
    from packaging.specifiers import Specifier

Found = TypeVar("Found")

DEFAULT = idioms.choice(Generation.KERAS3, "it is what an installation gives")
"""What an installation gives today."""

_KERAS_3_MODULES = ("keras.ops", "keras.random", "keras.src.ops", "keras.distribution", "keras_hub", "keras_core")
_KERAS_2_MODULES = (
    "tf_keras", "tensorflow.python.keras", "tensorflow.contrib", "keras.engine", "tensorflow_addons",
)  # fmt: skip
_LEGACY_FLAG = re.compile(r"TF_USE_LEGACY_KERAS['\"]?\]?\s*[=,:]\s*['\"]?(?:1|true)", re.IGNORECASE)
_MAY_ASK_FOR_KERAS_2 = ("pyproject.toml", ".env", "Dockerfile", "tox.ini", "__init__.py", "backend.py", "conftest.py")
TENSORFLOW = frozenset(
    {"tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tf-nightly", "tf-nightly-cpu", "tensorflow-macos"}
)
_WITH_KERAS_3 = {"tensorflow": (2, 16), "keras": (3, 0)}
"""First release that brings Keras 3, major and minor."""


def targets_of(module: ModuleIndex, info: ClassInfo, settings: Settings, project: Project) -> frozenset[Generation]:
    """Tell under which generations a class is to be judged.

    What the class itself is built on decides; then what its module uses; then what the project declares that it needs;
    then the generation that is installed by default.
    """
    if settings.keras is not None:
        return generations_of(settings.keras)
    if info.root is not None and (own := _of_name(info.root)) is not None:
        return own
    return of_module(module, project)


def of_module(module: ModuleIndex, project: Project) -> frozenset[Generation]:
    """Tell the same of a module, apart from its classes."""
    return choice_of(module, project).generations


def choice_of(module: ModuleIndex, project: Project) -> Choice:
    """As `of_module`, with what speaks for it.

    Imports come first, then how its package imports it, then what the project requires, then how code is written.
    """
    if module.path not in project.targets:
        project.targets[module.path] = _told(module, project) or _of_code(module, project)
    return project.targets[module.path]


def _told(module: ModuleIndex, project: Project) -> Choice | None:
    return (
        _of_imports(module)
        or of_alternatives(module, project)
        or nearest(module.path.parent, project, project.folder_targets, _of_metadata)
    )


def _of_code(module: ModuleIndex, project: Project) -> Choice:
    """What the code of the project speaks for.

    A module that only one generation can run is for that one. Apart from that the project decides: beside code for
    Keras 3, a name that it has removed is a fault. Where the project is of two minds, each module speaks for itself.
    """
    own = idioms.idioms_of(module.text)
    vote = None if own.only is not None else project.survey.vote(module.path)
    if vote is not None and (vote.is_clear or own.generation is None):
        return vote.choice
    why = own.keras_3 if own.generation is Generation.KERAS3 else own.keras_2
    return DEFAULT if own.generation is None or why is None else idioms.choice(own.generation, why)


def needs_keras_3(module: ModuleIndex, project: Project) -> bool:
    """Whether a module uses what only Keras 3 has, or its project requires Keras 3 itself.

    The package `keras-core` came before it, for code that chooses between both.
    """
    found = _told(module, project)
    if found is None or found.generations != frozenset({Generation.KERAS3}):
        return False
    return found.requirement is None or re.match("keras[-_]core", found.requirement, re.IGNORECASE) is None


def _of_name(name: str) -> frozenset[Generation] | None:
    if _starts(name, _KERAS_2_MODULES):
        return frozenset({Generation.KERAS2})
    if _starts(name, _KERAS_3_MODULES):
        return frozenset({Generation.KERAS3})
    return None


def _of_imports(module: ModuleIndex) -> Choice | None:
    names = [target for targets in module.imports.values() for target in targets] + list(module.star_imports)
    found: dict[Generation, str] = {}
    for name in names:
        for generation in _of_name(name) or ():
            found.setdefault(generation, f"`{name}` is imported")
    if "keras" in names and Generation.KERAS3 not in found and re.search(r"\bkeras\.ops\.", module.text):
        found[Generation.KERAS3] = "only Keras 3 has `keras.ops`"
    # Both: a module that serves either generation, such as one that falls back from one to the other.
    return idioms.choice(*next(iter(found.items()))) if len(found) == 1 else None


def nearest(
    folder: Path, project: Project, known: dict[Path, Found | None], read: Callable[[Path, str], Found | None]
) -> Found | None:
    """What `read` finds in a folder, or else above it up to the root of the project.

    `read` is given the folder and the name of the one it came from; `known` keeps what it found.
    """
    visited = []
    package = ""
    found: Found | None = None
    for here in [folder, *folder.parents]:
        if here in known:
            found = known[here]
            break
        visited.append(here)
        found = read(here, package)
        package = here.name
        if found is not None or here == project.root or has_mark(here, REPOSITORY_MARKS):
            break
        if here.name in ("site-packages", "dist-packages"):
            break
    known.update(dict.fromkeys(visited, found))
    return found


def _of_metadata(folder: Path, package: str) -> Choice | None:
    if any(_LEGACY_FLAG.search(text) for text in texts(folder, _MAY_ASK_FOR_KERAS_2)):
        return idioms.choice(Generation.KERAS2, "`TF_USE_LEGACY_KERAS` is set")
    # Packages that leave the choice of TensorFlow to the user name it in their extras.
    for extras in (False, True):
        required = requirements(folder, package, extras=extras)
        if (found := generation_required(required)) is not None:
            requirement = str(next(each for each in required if _speaks(each)))
            return Choice(found, f"the project requires `{requirement}`", requirement)
    return None


def _speaks(requirement: Requirement) -> bool:
    """Whether a requirement alone leads to a generation."""
    return generation_required([requirement]) is not None


def generation_required(required: Iterable[Requirement]) -> frozenset[Generation] | None:
    """Tell which generation a list of requirements leads to, None where they leave it open."""
    generations: set[Generation] = set()
    by_tensorflow: set[Generation] = set()
    for requirement in required:
        name = name_of(requirement)
        if name in ("keras-hub", "keras-core"):
            generations.add(Generation.KERAS3)
        elif name in ("tensorflow-addons", "tf-keras"):
            generations.add(Generation.KERAS2)
        elif name == "keras" or name in TENSORFLOW:
            first = _WITH_KERAS_3["keras" if name == "keras" else "tensorflow"]
            told = {found for bound in requirement.specifier if (found := _of_bound(bound, first)) is not None}
            if name == "keras":
                generations |= told
            else:
                by_tensorflow |= told
    # Beside a new TensorFlow, `tf.keras` is Keras 3 even where `tf-keras` is installed: code or a flag must ask for it.
    generations |= by_tensorflow
    return frozenset(generations) if len(generations) == 1 else None


def _of_bound(bound: Specifier, first: tuple[int, int]) -> Generation | None:
    """Which generation a bound leads to, where `first` is the first release that brings Keras 3."""
    from packaging.version import InvalidVersion, Version

    try:
        version = Version(bound.version.removesuffix(".*"))
    except InvalidVersion:  # `===` takes any text
        return None
    release = (version.major, version.minor)
    match bound.operator:
        case "==" | "===" | "~=":
            return Generation.KERAS3 if release >= first else Generation.KERAS2
        case "<":
            return Generation.KERAS2 if release <= first else None
        case "<=":
            return Generation.KERAS2 if release < first else None
        case ">" | ">=":
            return Generation.KERAS3 if release >= first else None
        case _:
            return None


def _starts(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)
