"""What README says of ruff is so: without `external` it removes comments for klint, with it they stay."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

SOURCE = "x = 1  # noqa: KLL101\n"


def ruff(folder: Path) -> str:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "RUF100,RUF102", "--fix-only", "x.py"]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False)
    return (folder / "x.py").read_text(encoding="utf-8")


def told() -> str:
    """The configuration of ruff that README shows."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```toml\n(\[tool\.ruff\.lint\]\n.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_comments_stay(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(told(), encoding="utf-8")
    assert ruff(tmp_path) == SOURCE
    (tmp_path / "pyproject.toml").unlink()
    assert "KLL101" not in ruff(tmp_path)
