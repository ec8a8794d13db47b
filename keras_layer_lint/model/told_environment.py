"""What the environment of a project says of its time: the Python that it runs on, the TensorFlow that its README names.

Alone it says little, and counts only where neither what a project requires nor its code speaks for a generation of
Keras. No TensorFlow that brings Keras 3 runs on Python 3.8, or with CUDA 10.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from keras_layer_lint.model.requirements import NOTEBOOK_FOLDERS, readmes, texts

_PYTHON_OF_KERAS_3 = 9
"""The oldest minor version of Python that TensorFlow 2.16 runs on."""
_TENSORFLOW_OF_KERAS_3 = (2, 16)
_PINS = (
    (
        "environment*.y*ml",
        re.compile(r"^[ \t]{0,20}-[ \t]{0,4}[\"']?python[ \t]{0,4}={1,2}[ \t]{0,4}3\.(\d{1,2})", re.MULTILINE),
    ),
    ("Pipfile", re.compile(r"^python_(?:full_)?version[ \t]{0,4}=[ \t]{0,4}[\"']3\.(\d{1,2})", re.MULTILINE)),
    ("runtime.txt", re.compile(r"^python-3\.(\d{1,2})", re.MULTILINE)),
    (".python-version", re.compile(r"^3\.(\d{1,2})", re.MULTILINE)),
    ("[Dd]ocker[Ff]ile*", re.compile(r"^FROM[ \t]{1,4}(?:[\w.-]{1,60}/){0,3}python:3\.(\d{1,2})", re.MULTILINE)),
)
"""Files that pin one Python."""
_REQUIRED = re.compile(
    r"^[ \t]{0,20}(?:python_requires|requires-python|python)[ \t]{0,4}=[ \t]{0,4}[\"']?"
    r"(?P<bounds>[<>=!~^][^\"'\n]{1,60})",
    re.MULTILINE,
)
"""The Python that a project is installed with."""
_PYTHONS = range(20, 2, -1)
_CUDA_PIN = re.compile(r"^[ \t]{0,20}-[ \t]{0,4}[\"']?cudatoolkit[ \t]{0,4}={1,2}[ \t]{0,4}(\d{1,2})", re.MULTILINE)
_OF_NOTEBOOK = re.compile(r'"version"[ \t]{0,4}:[ \t]{0,4}"3\.(\d{1,2})\.\d{1,2}"')
_NOTEBOOK_END = 3000
"""So many bytes at the end of a notebook hold what Jupyter notes of its kernel."""
_MOST_NOTEBOOKS = 20
_NVIDIA = re.compile(r"nvcr\.io/nvidia/tensorflow:(\d{2})\.\d{2}-tf[12]")
_NVIDIA_OF_KERAS_3 = 24
"""The year of the first images of NVIDIA with a TensorFlow that brings Keras 3."""
_COLAB = "%tensorflow_version"
"""What a notebook of Colab said until 2022."""
_TENSORFLOW = re.compile(
    r"(?<![\w-])(?:tensorflow|TF)(?:[ \t_-]{0,2}(?:gpu|cpu))?[ \t`*]{0,3}[-(:=v]{0,3}(?:version)?[ \t`*]{0,3}v?"
    r"([12])\.(\d{1,2})(?!\d)",
    re.IGNORECASE,
)
_TESTED = re.compile(
    r"\btested[ \t]+(?:on|with|under|using)[ \t]+(?:version[ \t]+)?`?v?([12])\.(\d{1,2})(?!\d)", re.IGNORECASE
)
"""A version whose name stands before it in its line: `in TensorFlow2 (tested on version 2.13.0)`."""
_OF_TORCH = re.compile(r"[\d.]{0,6}[\s`*]{0,4}of[\s`*]{1,4}(?:py)?torch\b", re.IGNORECASE)
_BEFORE_TESTED = re.compile(r"tensorflow(?!.*(?:torch|keras|python|cuda))", re.IGNORECASE)
_PYTHON = re.compile(
    r"(?<![\w/-])python[ \t`*]{0,3}[-(:=v]{0,3}(?:version)?[ \t`*]{0,3}3\.(\d{1,2})(?!\d)", re.IGNORECASE
)
_CUDA = re.compile(r"(?<![\w/-])CUDA(?:[ \t-]{0,2}toolkit)?[ \t`*:=v-]{0,4}(\d{1,2})(?:\.\d)?(?!\d)", re.IGNORECASE)
_MORE = re.compile(r"3\.(\d{1,2})(?!\d)")
_OPEN_END = re.compile(
    r"\+|[<>]|%2B|%3E|\.x\b"
    r"|\b(?:above|after|at least|or|higher|later|min|minimum|newer|greater|up|upwards|onwards|since)\b",
    re.IGNORECASE,
)
"""Words around a version that leave room for newer ones."""
_KERAS_3 = re.compile(r"\bkeras(?:%20|[ \t_-]){0,2}(?:v|version)?[ \t]{0,2}3\b", re.IGNORECASE)
_LONGEST_LINE = 300


def told_keras_2(folder: Path) -> str | None:
    """Why a project is older than Keras 3, by its environment and its README, as the summary says it."""
    descriptions = list(texts(folder, readmes(folder)))
    if any(map(_KERAS_3.search, descriptions)):
        return None
    python = [*_pinned_pythons(folder), *_bounded_pythons(folder), *_pythons_of_notebooks(folder)]
    for text in descriptions:
        python.extend(_told(_PYTHON, text))
    if python and max(python) < _PYTHON_OF_KERAS_3:
        return f"its environment is of Python 3.{max(python)}, on which no TensorFlow with Keras 3 runs"
    if python and max(python) > _PYTHON_OF_KERAS_3 + 2:
        return None  # of the time of Keras 3, whatever a README says
    return (
        _by_the_readme(descriptions)
        or _by_cuda(folder, descriptions)
        or _by_an_image(folder, descriptions)
        or _by_colab(folder)
    )


def _by_the_readme(descriptions: list[str]) -> str | None:
    named: list[tuple[int, int]] = []
    for text in descriptions:
        for found in (*_TENSORFLOW.finditer(text), *filter(_is_of_tensorflow, _TESTED.finditer(text))):
            if _is_title_of_link(text, found):
                continue
            if _is_open(text, found):
                return None
            named.append((int(found[1]), int(found[2])))
    if not named or max(named) >= _TENSORFLOW_OF_KERAS_3:
        return None
    return f"its README names TensorFlow {max(named)[0]}.{max(named)[1]}, and nothing speaks for Keras 3"


def _by_cuda(folder: Path, descriptions: list[str]) -> str | None:
    versions = [int(found) for text in _texts(folder, "environment*.y*ml") for found in _CUDA_PIN.findall(text)]
    for text in descriptions:
        versions.extend(_told(_CUDA, text))
    if versions and max(versions) <= 10:
        return f"its environment is of CUDA {max(versions)}, with which no TensorFlow with Keras 3 runs"
    return None


def _by_an_image(folder: Path, descriptions: list[str]) -> str | None:
    written = [*descriptions, *_texts(folder, "[Dd]ocker[Ff]ile*")]
    years = [int(year) for text in written for year in _NVIDIA.findall(text)]
    if years and max(years) < _NVIDIA_OF_KERAS_3:
        return f"its image is one of NVIDIA of 20{max(years)}"
    return None


def _by_colab(folder: Path) -> str | None:
    for path in islice(_notebooks(folder), _MOST_NOTEBOOKS):
        if any(_COLAB in text for text in texts(path.parent, (path.name,))):
            return f"`{_COLAB}` stands in `{path.relative_to(folder).as_posix()}`, which Colab had until 2022"
    return None


def _told(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    """The versions that a text names; one that is beyond all bounds where it leaves room for newer ones."""
    for found in pattern.finditer(text):
        if _is_open(text, found):
            yield 99
        yield int(found[1])
        yield from (int(more) for more in _MORE.findall(_rest(text, found)) if pattern is _PYTHON)


def _is_open(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 12) : found.start()].rpartition("\n")[2]
    return _OPEN_END.search(before + "|" + _rest(text, found)[:40]) is not None or any(
        sign in found[0] for sign in "<>"
    )


def _is_title_of_link(text: str, found: re.Match[str]) -> bool:
    """Whether it stands in the title of a link, which is about something else; that of a picture is a badge."""
    before = text[max(0, found.start() - _LONGEST_LINE) : found.start()].rpartition("\n")[2]
    begin = before.rfind("[")
    is_title = begin > before.rfind("]") and "](" in _rest(text, found)
    return is_title and before[max(0, begin - 1) : begin] != "!"


def _is_of_tensorflow(tested: re.Match[str]) -> bool:
    """Whether TensorFlow is what stands before such a version, and nothing else behind it."""
    text, begin = tested.string, tested.start()
    before = text[max(0, begin - _LONGEST_LINE) : begin].rpartition("\n")[2]
    return _BEFORE_TESTED.search(before) is not None and _OF_TORCH.match(_rest(text, tested)) is None


def _rest(text: str, found: re.Match[str]) -> str:
    """What stands behind a version in its line."""
    end = text.find("\n", found.end(), found.end() + _LONGEST_LINE)
    return text[found.end() : end if end != -1 else found.end() + _LONGEST_LINE]


def _pinned_pythons(folder: Path) -> Iterator[int]:
    for names, pattern in _PINS:
        for text in _texts(folder, names):
            yield from map(int, pattern.findall(text))


def _bounded_pythons(folder: Path) -> Iterator[int]:
    """The newest Python that each requirement with an upper bound allows."""
    for text in texts(folder, ("setup.py", "setup.cfg", "pyproject.toml")):
        for found in _REQUIRED.finditer(text):
            from packaging.specifiers import InvalidSpecifier, SpecifierSet  # few projects get here

            try:
                bounds = SpecifierSet(found["bounds"].strip())
            except InvalidSpecifier:  # `^3.7` of Poetry, which allows all of Python 3
                continue
            allowed = [minor for minor in _PYTHONS if any(bounds.contains(f"3.{minor}.{patch}") for patch in (0, 9))]
            if allowed and allowed[0] != _PYTHONS[0]:
                yield allowed[0]


def _pythons_of_notebooks(folder: Path) -> Iterator[int]:
    """The Python that each notebook was last run with, as it says."""
    for path in islice(_notebooks(folder), _MOST_NOTEBOOKS):
        try:
            with path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(max(0, size - _NOTEBOOK_END))
                end = file.read().decode("latin-1")
        except OSError:
            continue
        yield from map(int, _OF_NOTEBOOK.findall(end)[-1:])


def _notebooks(folder: Path) -> Iterator[Path]:
    for name in NOTEBOOK_FOLDERS:
        yield from sorted(folder.glob(f"{name}*.ipynb"))


def _texts(folder: Path, pattern: str) -> Iterator[str]:
    return texts(folder, [path.name for path in sorted(folder.glob(pattern))])
