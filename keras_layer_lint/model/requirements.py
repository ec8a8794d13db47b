"""What a project requires: its metadata read as text, nothing of it is run."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.model.metadata_files import kept
from keras_layer_lint.source.decode import is_wide
from keras_layer_lint.source.module_index import parse
from keras_layer_lint.source.tree_walk import walk

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_OF_INTEREST = re.compile(r"jax|keras|tensorflow|tf[-_.]nightly|torch|typeguard", re.IGNORECASE)
_OPTIONS = re.compile(r"(?<!\s)\s+(?:#|--|\\$).*")
"""What pip allows behind a requirement in a file: a comment, hashes, a mark that the line goes on."""
_IN_SETUP = re.compile(
    r"\A\s*(?:tensorflow|tf[-_]keras|tf-nightly|keras|jax|typeguard)[\w.-]*\s*(?:\[[^\]]*\]\s*)?(?:[<>=~!]|\Z)"
)
_ELSEWHERE = re.compile(r"(?<![\w/-])(?:\w[\w-]{0,60}/){1,9}[\w-]{0,60}requirements[\w.-]{0,60}\.txt")
"""A file of requirements in a folder below, as setup.py names it."""
_LARGEST = 1024 * 1024
"""Files of more bytes are not metadata."""
_IN_PIPFILE = re.compile(r"^[\"']?([\w.-]+)[\"']?\s*=\s*[\"']([<>=~!][^\"']*)[\"']", re.MULTILINE)
_INSTALLED = re.compile(r"pip3? install ([^\"\\\n]+)")
_IMAGE = re.compile(
    r"^FROM[ \t]{1,4}(?:--\S{1,60}[ \t]{1,4})?(?:[\w.:-]{1,60}/)?tensorflow/tensorflow:(\d\.\d{1,2})", re.MULTILINE
)
_IN_README = re.compile(
    r"\btensorflow(?:[ -]gpu)?[ \t]{0,4}(?:\(|==?|:|version|v)?[ \t]{0,4}v?([12]\.\d{1,2}|1\.x(?!\w))(?:\.\d{1,2})?"
    r"(?=[ \t]{0,4}(?:$|[`),;|*]|alpha\b|beta\b))",
    re.IGNORECASE | re.MULTILINE,
)
"""One version, with nothing behind it that makes it the first of many, as in `TensorFlow 2.3+`."""
NOTEBOOK_FOLDERS = ("", "notebooks/", "notebook/", "examples/", "colab/")
_LARGEST_NOTEBOOK = 8 * _LARGEST
"""Notebooks hold pictures."""
_MOST_NOTEBOOKS = 5


_LOCK_FILES = ("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml")
_IN_LOCK = re.compile(
    r'^\[\[packages?\]\]\s*\nname = "([\w.-]*(?:keras|tensorflow)[\w.-]*)"\s*\nversion = "([^"\n]+)"$', re.MULTILINE
)
"""A lock file of TOML can have megabytes; what is asked of it stands in the first lines of an entry."""
_LARGEST_LOCK = 8 * _LARGEST


def requirements(folder: Path, package: str, *, extras: bool = False) -> list[Requirement]:
    """What the metadata in a folder requires of frameworks; what is no requirement is left out.

    `package` is the folder below that was come from: what stands beside unpacked distributions may speak of another.
    With `extras`, what a distribution requires for its extras counts too.
    """
    return kept(_all_required, folder, package, extras)


def _all_required(folder: Path, package: str, extras: bool) -> list[Requirement]:
    return parsed(_lines(folder, package, extras))


def required(folder: Path, package: str) -> list[Requirement]:
    """As `requirements`, without what is only told to people: commands and versions in a README or a notebook."""
    return kept(_all_declared, folder, package)


def _all_declared(folder: Path, package: str) -> list[Requirement]:
    return parsed(_declared(folder, package, extras=True))


def locked(folder: Path) -> list[Requirement]:
    """What the lock files in a folder pin of frameworks."""
    return kept(_all_locked, folder)


def _all_locked(folder: Path) -> list[Requirement]:
    return parsed(f"{name}=={version}" for name, version in _pins(folder))


def parsed(lines: Iterable[str]) -> list[Requirement]:
    """Parse the requirements that speak of a framework."""
    found = []
    for line in lines:
        if _OF_INTEREST.search(line):
            from packaging.requirements import InvalidRequirement, Requirement  # few projects get here

            try:
                found.append(Requirement(_OPTIONS.sub("", line).strip()))
            except InvalidRequirement:
                continue
    return found


def name_of(requirement: Requirement) -> str:
    """The name that a requirement asks for, as package indexes spell it."""
    from packaging.utils import canonicalize_name

    return canonicalize_name(requirement.name)


def texts(folder: Path, names: Iterable[str]) -> Iterator[str]:
    """What the files of these names in a folder say, as far as they are there."""
    for name in names:
        if text := _text(folder / name):
            yield text


def descriptions(folder: Path, package: str) -> Iterator[tuple[str, str]]:
    """How the texts in a folder are called that describe its project, and what they say."""
    for name in readmes(folder):
        if text := _text(folder / name):
            yield f"`{name}`", text
    for path in _distributions(folder, package):
        yield "the description of the distribution", _text(path)


def extras(folder: Path, package: str) -> Iterator[str]:
    """The names of what a project can be installed with besides."""
    for text in texts(folder, ("pyproject.toml",)):
        yield from _extras_of(_of_toml(text))
    for path in _distributions(folder, package):
        yield from re.findall(r"^Provides-Extra: (\S+)", _text(path), re.MULTILINE)


_README = re.compile(r"readme(?:\.(?:md|rst|txt))?", re.IGNORECASE)


def readmes(folder: Path) -> list[str]:
    """The names of the files in a folder that tell people of its project."""
    try:
        return sorted(name for name in os.listdir(folder) if _README.fullmatch(name) is not None)  # noqa: PTH208
    except OSError:
        return []


def _lines(folder: Path, package: str, extras: bool) -> Iterator[str]:
    yield from _declared(folder, package, extras)
    for text in texts(folder, readmes(folder)):
        yield from _installed(text)
        yield from [f"tensorflow=={version.replace('x', '15')}" for version in _IN_README.findall(text)]
    notebooks = [path for name in NOTEBOOK_FOLDERS for path in sorted(folder.glob(f"{name}*.ipynb"))]
    for path in notebooks[:_MOST_NOTEBOOKS]:
        yield from _installed(_text(path, _LARGEST_NOTEBOOK))


def _declared(folder: Path, package: str, extras: bool) -> Iterator[str]:
    for text in texts(folder, ("pyproject.toml",)):
        yield from _of_pyproject(text)
    for text in texts(folder, ("setup.cfg",)):
        section = re.search(r"^install_requires\s*=(.*(?:\n[ \t]+.*|\n\s*)*)", text, re.MULTILINE)
        yield from section[1].splitlines() if section else ()
    for text in texts(folder, ("setup.py",)):
        yield from _of_setup(text, folder)
    for pattern in ("requir*ment*.txt", "requirements/*.txt"):  # the name is misspelt now and then
        for path in sorted(folder.glob(pattern)):
            yield from _text(path).splitlines()
    for pattern in ("environment*.yml", "environment*.yaml"):
        for path in sorted(folder.glob(pattern)):
            yield from _of_conda(_text(path))
    for text in texts(folder, ("Pipfile",)):
        yield from [f"{name}{bound}" for name, bound in _IN_PIPFILE.findall(text)]
    for pattern in ("[Dd]ocker[Ff]ile*", "docker/[Dd]ocker[Ff]ile*"):
        for path in sorted(folder.glob(pattern)):
            yield from _of_docker(_text(path))
    for path in _distributions(folder, package):
        yield from _of_distribution(path, extras)


def _pins(folder: Path) -> Iterator[tuple[str, str]]:
    """Package and version of each entry that may speak of a framework."""
    for name in _LOCK_FILES:
        yield from _IN_LOCK.findall(_text(folder / name, _LARGEST_LOCK))
    if text := _text(folder / "Pipfile.lock", _LARGEST_LOCK):
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return
        for section in data.values() if isinstance(data, dict) else ():
            for name, entry in section.items() if isinstance(section, dict) else ():
                if isinstance(entry, dict) and isinstance(version := entry.get("version"), str):
                    yield name, version.removeprefix("==")


def _installed(text: str) -> Iterator[str]:
    """What commands in a text install."""
    for line in _INSTALLED.findall(text):
        yield from [word.strip("`'") for word in line.split()]


def _of_docker(text: str) -> Iterator[str]:
    """What an image is made from, and what is installed into it."""
    yield from [f"tensorflow=={version}" for version in _IMAGE.findall(text)]
    yield from _installed(text)


def _of_conda(text: str) -> Iterator[str]:
    """The packages of an environment of conda, which pins with one `=`."""
    for line in text.splitlines():
        name = line.strip().removeprefix("-").split("#")[0].strip().strip("\"'")
        yield re.sub(r"(?<![=<>!~])=(?!=)([^=]*).*", r"==\1", name)


def _distributions(folder: Path, package: str) -> list[Path]:
    """The metadata of unpacked or installed distributions in a folder, as far as `package` belongs to them."""
    every = sorted(folder.glob("*.dist-info"))
    own = [path for path in every if path.stem.rpartition("-")[0].lower() == package.lower()]
    return [path / "METADATA" for path in (own if len(every) > 1 else every)]


def _of_distribution(path: Path, extras: bool) -> Iterator[str]:
    """What the metadata of a distribution requires."""
    name, _, version = path.parent.stem.rpartition("-")
    if name in ("keras", "keras_hub", "tensorflow_addons"):
        yield f"{name}=={version}"
    for line in _text(path).splitlines():
        if not line:
            break
        key, _, value = line.partition(": ")
        if key == "Requires-Dist" and (extras or "extra ==" not in value):
            yield value


@lru_cache(maxsize=16)
def _of_toml(text: str) -> dict[str, Any]:
    """What a text of TOML holds, for several questions; nobody changes it."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _extras_of(data: Mapping[str, Any]) -> dict[str, Any]:
    project = data.get("project")
    found = project.get("optional-dependencies") if isinstance(project, dict) else None
    return found if isinstance(found, dict) else {}


def _of_pyproject(text: str) -> Iterator[str]:
    data = _of_toml(text)
    project = data.get("project")
    if isinstance(project, dict):
        yield from _strings(project.get("dependencies"))
        for extra in _extras_of(data).values():
            yield from _strings(extra)
    tool = data.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    dependencies = poetry.get("dependencies") if isinstance(poetry, dict) else None
    for name, version in dependencies.items() if isinstance(dependencies, dict) else ():
        if isinstance(version, dict):
            version = version.get("version")
        if isinstance(version, str):
            yield name + _of_poetry(version)


def _of_poetry(version: str) -> str:
    """Poetry's way to write a version, as others write it."""
    if version.startswith("^"):
        # The caret keeps the major release, as `~=` does of a version of two numbers.
        major, _, rest = version[1:].strip().partition(".")
        return f"~={major}.{rest.partition('.')[0] or '0'}"
    return "" if version == "*" else f"=={version}" if version[:1].isdigit() else version


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from [item for item in value if isinstance(item, str)]


def _of_setup(text: str, folder: Path) -> Iterator[str]:
    """All strings in a setup.py that look like requirements of what matters here, and the files of them it reads."""
    try:
        tree = parse(text)
    except UnreadableFile:
        return
    for node in walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from [line for line in node.value.splitlines() if _IN_SETUP.match(line)]
            if _ELSEWHERE.fullmatch(node.value):
                yield from _text(folder / node.value).splitlines()


def _text(path: Path, largest: int = _LARGEST) -> str:
    try:
        if path.stat().st_size > largest:
            return ""
        data = path.read_bytes()
    except OSError:
        return ""
    # `pip freeze > requirements.txt` writes UTF-16 in PowerShell.
    return data.decode("utf-16" if is_wide(data) else "utf-8-sig", errors="replace").replace("\r\n", "\n")
