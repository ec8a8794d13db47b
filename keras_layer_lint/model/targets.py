"""Which Keras generations a class is written for, when the user does not say."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from keras_layer_lint.model.class_graph import ClassInfo, Project
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.source.project_root import REPOSITORY_MARKS, has_mark

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Found = TypeVar("Found")

DEFAULT = frozenset({"3"})
"""What an installation gives today."""

_KERAS_3_MODULES = ("keras.ops", "keras.random", "keras.src.ops", "keras.distribution", "keras_hub", "keras_core")
_KERAS_2_MODULES = ("tf_keras", "tensorflow.python.keras", "tensorflow.contrib", "keras.engine")
_LEGACY_FLAG = re.compile(r"TF_USE_LEGACY_KERAS['\"]?\]?\s*[=,:]\s*['\"]?(?:1|true)", re.IGNORECASE)
_MAY_ASK_FOR_KERAS_2 = ("pyproject.toml", ".env", "Dockerfile", "tox.ini", "__init__.py", "backend.py", "conftest.py")
_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?([^;#)]*)")
_SPECIFIER = re.compile(r"(===|==|~=|!=|<=|>=|<|>)\s*v?(\d+)(?:\.(\d+))?")
TENSORFLOW = frozenset(
    {"tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tf-nightly", "tf-nightly-cpu", "tensorflow-macos"}
)
_WITH_KERAS_3 = {"tensorflow": (2, 16), "keras": (3, 0)}
"""First release that brings Keras 3."""


def targets_of(module: ModuleIndex, info: ClassInfo, settings: Settings, project: Project) -> frozenset[str]:
    """Tell under which generations ("2", "3") a class is to be judged.

    What the class itself is built on decides; then what its module uses; then what the project declares that it needs;
    then the generation that is installed by default.
    """
    if settings.keras is not None:
        return frozenset(settings.keras)
    if info.root is not None and (own := _of_name(info.root)) is not None:
        return own
    return of_module(module, project)


def of_module(module: ModuleIndex, project: Project) -> frozenset[str]:
    """Tell the same of a module, apart from its classes."""
    if module.path not in project.targets:
        project.targets[module.path] = (
            _of_imports(module) or nearest(module.path.parent, project, project.folder_targets, _of_metadata) or DEFAULT
        )
    return project.targets[module.path]


def needs_keras_3(module: ModuleIndex) -> bool:
    """Whether a module uses what only Keras 3 has."""
    return _of_imports(module) == frozenset({"3"})


def _of_name(name: str) -> frozenset[str] | None:
    if _starts(name, _KERAS_2_MODULES):
        return frozenset({"2"})
    if _starts(name, _KERAS_3_MODULES):
        return frozenset({"3"})
    return None


def _of_imports(module: ModuleIndex) -> frozenset[str] | None:
    names = [target for targets in module.imports.values() for target in targets] + list(module.star_imports)
    found = {generation for name in names for generation in _of_name(name) or ()}
    if "keras" in names and "3" not in found and re.search(r"\bkeras\.ops\.", module.text):
        found.add("3")
    # Both: a module that serves either generation, such as one that falls back from one to the other.
    return frozenset(found) if len(found) == 1 else None


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


def _of_metadata(folder: Path, package: str) -> frozenset[str] | None:
    if any(_LEGACY_FLAG.search(text) for text in texts(folder, _MAY_ASK_FOR_KERAS_2)):
        return frozenset({"2"})
    # Packages that leave the choice of TensorFlow to the user name it in their extras.
    return generation_required(list(requirements(folder, package))) or generation_required(
        list(requirements(folder, package, extras=True))
    )


def generation_required(required: list[str]) -> frozenset[str] | None:
    """Tell which generation a list of requirements leads to, None where they leave it open."""
    generations: set[str] = set()
    by_tensorflow: set[str] = set()
    for requirement in required:
        match = _REQUIREMENT.match(requirement)
        if match is None:
            continue
        name = normal_name(match[1])
        if name in ("keras-hub", "keras-core"):
            generations.add("3")
        elif name in ("tensorflow-addons", "tf-keras"):
            generations.add("2")
        elif name == "keras" or name in TENSORFLOW:
            bounds = _SPECIFIER.findall(match[2])
            first = _WITH_KERAS_3["keras" if name == "keras" else "tensorflow"]
            told = {found for sign, major, minor in bounds if (found := _of_bound(sign, major, minor, first))}
            if name == "keras":
                generations |= told
            else:
                by_tensorflow |= told
    # Beside a new TensorFlow, what is made for Keras 2 brings it back.
    if "2" not in generations:
        generations |= by_tensorflow
    return frozenset(generations) if len(generations) == 1 else None


def required_name(requirement: str) -> str | None:
    """The name that a requirement asks for, as package indexes spell it."""
    match = _REQUIREMENT.match(requirement)
    return None if match is None else normal_name(match[1])


def normal_name(name: str) -> str:
    """Spell a distribution's name as package indexes do."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _of_bound(operator: str, major: str, minor: str, first: tuple[int, int]) -> str | None:
    version = (int(major), int(minor or 0))
    if operator in ("==", "===", "~="):
        return "3" if version >= first else "2"
    if operator == "<":
        return "2" if version <= first else None
    if operator == "<=":
        return "2" if version < first else None
    if operator in (">", ">="):
        return "3" if version >= first else None
    return None


def requirements(folder: Path, package: str, *, extras: bool = False) -> Iterator[str]:
    """What the metadata in a folder requires."""
    for text in texts(folder, ("pyproject.toml",)):
        yield from _of_pyproject(text)
    for text in texts(folder, ("setup.cfg",)):
        section = re.search(r"^install_requires\s*=(.*(?:\n[ \t]+.*|\n\s*)*)", text, re.MULTILINE)
        yield from section[1].splitlines() if section else ()
    for text in texts(folder, ("setup.py",)):
        yield from _of_setup(text)
    for pattern in ("requirements*.txt", "requirements/*.txt"):
        for path in sorted(folder.glob(pattern)):
            yield from _text(path).splitlines()
    for path in sorted(folder.glob("*.dist-info/METADATA")):
        yield from _of_distribution(path, package, extras)


def _of_distribution(path: Path, package: str, extras: bool) -> Iterator[str]:
    """What the metadata beside an unpacked or installed distribution requires, if `package` belongs to it."""
    name, _, version = path.parent.name.removesuffix(".dist-info").rpartition("-")
    if name.lower() != package.lower() and len(list(path.parent.parent.glob("*.dist-info"))) > 1:
        return
    if name in ("keras", "keras_hub", "tensorflow_addons"):
        yield f"{name}=={version}"
    for line in _text(path).splitlines():
        if not line:
            break
        key, _, value = line.partition(": ")
        if key == "Requires-Dist" and (extras or "extra ==" not in value):
            yield value


def _of_pyproject(text: str) -> Iterator[str]:
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    project = data.get("project")
    if isinstance(project, dict):
        yield from _strings(project.get("dependencies"))
        extras = project.get("optional-dependencies")
        for extra in extras.values() if isinstance(extras, dict) else ():
            yield from _strings(extra)
    tool = data.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    dependencies = poetry.get("dependencies") if isinstance(poetry, dict) else None
    for name, version in dependencies.items() if isinstance(dependencies, dict) else ():
        if isinstance(version, dict):
            version = version.get("version")
        if isinstance(version, str):
            # Poetry's caret keeps the major release: the same as `~=` as far as generations go.
            yield f"{name} {version.replace('^', '~=') if not version[:1].isdigit() else '==' + version}"


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from [item for item in value if isinstance(item, str)]


def _of_setup(text: str) -> Iterator[str]:
    """All strings in a setup.py that look like requirements of what matters here; it is not run."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for line in node.value.splitlines():
                if re.match(
                    r"\s*(?:tensorflow|tf[-_]keras|tf-nightly|keras|jax)[\w.-]*\s*(?:\[[^\]]*\]\s*)?(?:[<>=~!]|\Z)",
                    line,
                ):
                    yield line


def texts(folder: Path, names: Iterable[str]) -> Iterator[str]:
    """What the files of these names in a folder say, as far as they are there."""
    for name in names:
        if text := _text(folder / name):
            yield text


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > 1024 * 1024:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _starts(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)
