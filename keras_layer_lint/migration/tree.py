"""A project as it has become, in a folder of its own, so that it can be run before anything of it is written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_SKIPPED = frozenset({"__pycache__", "node_modules"})


def lay_out(project: Path, changed: Mapping[Path, bytes], folder: Path) -> None:
    """Fill a folder with links to the files of a project, and with what has become of those that changed."""
    for current, folders, files in os.walk(project):
        here = Path(current)
        folders[:] = [name for name in folders if not _is_skipped(here / name)]
        there = folder / here.relative_to(project)
        there.mkdir(parents=True, exist_ok=True)
        for name in files:
            source = here / name
            if source in changed:
                (there / name).write_bytes(changed[source])
            else:
                (there / name).symlink_to(source)


def _is_skipped(folder: Path) -> bool:
    """What no code of the project is imported from: hidden folders, caches, environments."""
    is_environment = (folder / "pyvenv.cfg").exists()
    return folder.name.startswith(".") or folder.name in _SKIPPED or is_environment or folder.is_symlink()
