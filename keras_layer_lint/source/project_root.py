"""What the root of a project holds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

REPOSITORY_MARKS = (".git", ".hg")
"""What the root of a repository holds."""
ROOT_MARKS = (*REPOSITORY_MARKS, "pyproject.toml", "setup.py", "setup.cfg")
"""What the root of a project holds, whether or not it is a repository of its own."""

_MOST_OF_SETUP = 100_000
_INSTALLS = re.compile(rb"\bsetup\(|setuptools|distutils|skbuild|Programming Language ::")

INSTALLED = ("setup.py", "setup.cfg", "pyproject.toml")
"""What says how a project is installed."""


def is_installed(project: Path) -> bool:
    """Whether a project is installed, and so with the newest that it allows."""
    if has_mark(project, INSTALLED) or not {"site-packages", "dist-packages"}.isdisjoint(project.parts):
        return True
    return any(next(folder.glob("*.dist-info"), None) is not None for folder in (project, project.parent))


def has_mark(folder: Path, marks: Iterable[str] = ROOT_MARKS) -> bool:
    """Whether a folder holds any of the marks."""
    found = [mark for mark in marks if os.path.exists(f"{folder}{os.sep}{mark}")]  # noqa: PTH110 (for each folder)
    return found != [] and (found != ["setup.py"] or _installs(folder / "setup.py"))


def _installs(path: Path) -> bool:
    """Whether a `setup.py` installs something: a module of a project may have that name, too."""
    try:
        return _is_of_setuptools(path, path.stat().st_mtime_ns)
    except OSError:
        return True


@lru_cache(maxsize=256)
def _is_of_setuptools(path: Path, changed: int) -> bool:
    """The same of a file as it was when it was `changed`."""
    text = path.read_bytes()[:_MOST_OF_SETUP].strip()
    return not text or _INSTALLS.search(text) is not None


def is_test_code(path: str) -> bool:
    """Whether a file holds tests or their helpers, by its name: `tests/layers.py`, `test_layers.py`, `conftest.py`."""
    *folders, name = path.split("/")
    return (
        not {"tests", "test"}.isdisjoint(folders)
        or name.startswith("test_")
        or name.endswith("_test.py")
        or name == "conftest.py"
    )
