"""A folder of a project as it has become, laid out elsewhere, so that it can be run before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def lay_out(original: Path, changed: Mapping[Path, bytes], folder: Path) -> None:
    """Fill a folder, which is made, with what has become of files, and with links to all else.

    No folder is gone through in which nothing changed: it is linked as a whole. What Python compiled stays behind, so
    that nothing is written there.
    """
    around = {parent for path in changed for parent in path.parents}
    folder.mkdir()
    for entry in original.iterdir():
        there = folder / entry.name
        if entry in changed:
            there.write_bytes(changed[entry])
        elif entry in around:
            lay_out(entry, changed, there)
        elif entry.name != "__pycache__":
            there.symlink_to(entry)
