"""What the root of a project holds."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

REPOSITORY_MARKS = (".git", ".hg")
"""What the root of a repository holds."""
ROOT_MARKS = (*REPOSITORY_MARKS, "pyproject.toml", "setup.py", "setup.cfg")
"""What the root of a project holds, whether or not it is a repository of its own."""

INSTALLED = ("setup.py", "setup.cfg", "pyproject.toml")
"""What says how a project is installed."""


def is_installed(project: Path) -> bool:
    """Whether a project is installed, and so with the newest that it allows."""
    if has_mark(project, INSTALLED) or not {"site-packages", "dist-packages"}.isdisjoint(project.parts):
        return True
    return any(next(folder.glob("*.dist-info"), None) is not None for folder in (project, project.parent))


def has_mark(folder: Path, marks: Iterable[str] = ROOT_MARKS) -> bool:
    """Whether a folder holds any of the marks."""
    return any(os.path.exists(f"{folder}{os.sep}{mark}") for mark in marks)  # noqa: PTH110 (for each folder)


def is_test_code(path: str) -> bool:
    """Whether a file holds tests or their helpers, by its name: `tests/layers.py`, `test_layers.py`, `conftest.py`."""
    *folders, name = path.split("/")
    return (
        not {"tests", "test"}.isdisjoint(folders)
        or name.startswith("test_")
        or name.endswith("_test.py")
        or name == "conftest.py"
    )
