"""Whether a project is written for TensorFlow 1, which has names that TensorFlow 2 no longer has.

Keras 2 runs on both. What the project requires decides, else the names that its code uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from keras_layer_lint.keras.removed_api import is_of_tensorflow_1
from keras_layer_lint.model.class_graph import Project
from keras_layer_lint.model.project_use import ProjectUse
from keras_layer_lint.model.requirements import name_of, requirements
from keras_layer_lint.model.targets import TENSORFLOW, nearest
from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.source.text_places import in_code

if TYPE_CHECKING:
    from packaging.requirements import Requirement
    from packaging.specifiers import Specifier

MANY_NAMES = 3
"""So many different names are no slip in code for TensorFlow 2."""
_MOST_TRIES = 200
"""Places of one file that are looked at for names in code."""
_TENSORFLOW = ((2, 0), (2, 0))
_KERAS = ((2, 3), (2, 4))
"""Keras before 2.3 needs TensorFlow 1, Keras from 2.4 on needs TensorFlow 2."""
_NEEDS_2 = ("tensorflow-addons", "tf-keras", "keras-hub", "keras-core")
_NAME = re.compile(r"(?<![\w.])tf\.([A-Za-z]\w*)")
_NAMED = re.compile(r"tf\.([A-Za-z]\w*)")
"""The same and some more: a pattern that begins with letters is found many times as fast."""
_ONLY_2 = re.compile(
    r"(?<![\w.])tf\.(?:function|config|compat|GradientTape|experimental|optimizers|autodiff|saved_model\.load|summary\."
    r"create_file_writer|data\.AUTOTUNE|keras\.(?:layers\.experimental|optimizers\.(?:legacy|experimental)))\b"
    r"|(?<!\w)(?:tensorflow_addons|tf_keras|tensorflow\.compat|enable_v2_behavior|AdamW|Attention|MultiHeadAttention"
    r"|TextVectorization|set_global_policy|image_dataset_from_directory)\b"
)
"""What came with TensorFlow 2, or is a step towards it."""
_OWN_CLASS = re.compile(r"^[ \t]{0,40}class[ \t]{1,4}(\w{1,60})[ \t]{0,4}[(:]", re.MULTILINE)
_TREE = re.compile(r"(?:.{0,80}_)?(?:tf|v|tensorflow)_?1(?:[._]?[x\d]{1,3})?")
"""A folder of what is for TensorFlow 1, beside one for TensorFlow 2: `v1x`, `tf1`."""


def why_tensorflow_1(module: ModuleIndex, project: Project) -> str | None:
    """Tell why a module is taken to be for TensorFlow 1; None where nothing says so, or anything speaks for 2.

    A module that has none of its names says nothing, unless it stands in a folder that is marked as one for it.
    """
    if not _names_in(module.text) and _marked(module.path) is None:
        return None  # most modules end here
    required = nearest(module.path.parent, project, project.folder_tensorflow, _of_metadata)
    if required is not None:
        release, requirement = required
        return f"the project requires `{requirement}`" if release == 1 else None
    use = project.survey.use_of(module.path)
    names: Set[str] = names_of_tensorflow_1([module.text]) if use is None else _names_around(module.path, use)
    if len(names) < MANY_NAMES:
        return None
    shown = ", ".join(f"`tf.{name}`" for name in sorted(names)[:MANY_NAMES])
    return f"{shown} and the like are used, and nothing that only TensorFlow 2 has"


def requires_tensorflow_1(module: ModuleIndex, project: Project) -> bool:
    """Whether what the project requires is TensorFlow 1, or a Keras that needs it: `keras==2.2.4`."""
    required = nearest(module.path.parent, project, project.folder_tensorflow, _of_metadata)
    return required is not None and required[0] == 1


def is_for_tensorflow_1(module: ModuleIndex, project: Project) -> bool:
    """Whether its project requires TensorFlow 1, or its names are those of TensorFlow 1."""
    return requires_tensorflow_1(module, project) or why_tensorflow_1(module, project) is not None


def _names_around(path: Path, use: ProjectUse) -> frozenset[str]:
    """The names in the folder around a file that is marked as one for TensorFlow 1, else those in its project."""
    tree = _marked(path)
    in_tree = frozenset() if tree is None else _names_in_project(use, tree)
    return in_tree if len(in_tree) >= MANY_NAMES else _names_in_project(use)


def _marked(path: Path) -> Path | None:
    """The nearest folder around a file that is marked as one for TensorFlow 1."""
    return next((folder for folder in path.parents if _TREE.fullmatch(folder.name)), None)


@lru_cache(maxsize=64)
def _names_in_project(use: ProjectUse, below: Path | None = None) -> frozenset[str]:
    # TensorFlow 1 has a tape from 1.7 on: in a folder that is marked as one for it, that speaks for nothing.
    return frozenset(names_of_tensorflow_1(use.texts(below=below), frozenset() if below is None else _IN_BOTH))


_IN_BOTH = frozenset({"tf.GradientTape"})


def names_of_tensorflow_1(texts: Iterable[str], in_both: frozenset[str] = frozenset()) -> set[str]:
    """The names of `tf` that only TensorFlow 1 has and code uses; none where any speaks for TensorFlow 2."""
    texts = tuple(texts)
    of_2 = {
        one[0] for text in texts for one in islice(_ONLY_2.finditer(text), _MOST_TRIES) if in_code(text, one.start())
    }
    if of_2 and not of_2 - in_both <= {name for text in texts for name in _OWN_CLASS.findall(text)}:
        return set()  # a `MultiHeadAttention` of the code itself is none of TensorFlow 2
    return set().union(*map(_names_in, texts))


def _names_in(text: str) -> set[str]:
    old = {name for name in set(_NAMED.findall(text)) if _is_old(name)}
    if not old:
        return set()  # most texts end here
    places = (found for found in _NAME.finditer(text) if found[1] in old)
    return {found[1] for found in islice(places, _MOST_TRIES) if in_code(text, found.start())}


@cache
def _is_old(name: str) -> bool:
    return name == "contrib" or is_of_tensorflow_1(f"tensorflow.{name}")


def _of_metadata(folder: Path, package: str) -> tuple[int, str] | None:
    """The major release of TensorFlow that a project requires, and the requirement that says so."""
    for extras in (False, True):
        told = list(_releases(requirements(folder, package, extras=extras)))
        if told:
            return told[0] if len({release for release, _ in told}) == 1 else (2, told[0][1])
    return None


def _releases(required: Iterable[Requirement]) -> Iterator[tuple[int, str]]:
    for requirement in required:
        name = name_of(requirement)
        if name in _NEEDS_2:
            yield 2, str(requirement)
        elif name == "keras" or name in TENSORFLOW:
            last_1, first_2 = _KERAS if name == "keras" else _TENSORFLOW
            for bound in requirement.specifier:
                if (release := _of_bound(bound, last_1, first_2)) is not None:
                    yield release, str(requirement)


def _of_bound(bound: Specifier, last_1: tuple[int, int], first_2: tuple[int, int]) -> int | None:
    """Which release of TensorFlow a bound leads to: 1 below `last_1`, 2 from `first_2` on, between them either."""
    from packaging.version import InvalidVersion, Version

    try:
        version = Version(bound.version.removesuffix(".*"))
    except InvalidVersion:  # `===` takes any text
        return None
    release = (version.major, version.minor)
    is_exact = bound.operator in ("==", "===", "~=")
    if release >= first_2 and (is_exact or bound.operator in (">", ">=")):
        return 2
    if release < last_1 and (is_exact or bound.operator == "<="):
        return 1
    return 1 if release <= last_1 and bound.operator == "<" and version.micro == 0 else None
