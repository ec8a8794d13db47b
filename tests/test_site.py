"""The site of the documentation: built strictly, of what is tested elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


def text(site: Path, page: str) -> str:
    return (site / page / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_each_rule_has_its_page_and_its_row(site: Path) -> None:
    table = text(site, "rules")
    for rule in (ROOT / "rules").glob("KLL*.md"):
        assert f'href="{rule.stem}/"' in table
        assert f"<title>{rule.stem[:6]}" in text(site, f"rules/{rule.stem}")
    assert 'data-key="severity"' in table


@pytest.mark.slow
def test_what_is_new_in_keras_3_is_a_guide(site: Path) -> None:
    page = text(site, "keras_3")
    assert 'href="../rules/KLL147-removed-api/"' in page
    assert "Keras 3, error: AttributeError where the line runs" in page
    assert "<strong>What to do.</strong>" in page
    assert "KLL122" not in page  # it is the same in both


@pytest.mark.slow
def test_each_option_is_in_the_reference(site: Path) -> None:
    schema = json.loads((ROOT / "docs" / "configuration.schema.json").read_text(encoding="utf-8"))
    page = text(site, "configuration")
    for name in schema["properties"]:
        assert f"<code>{name}</code>" in page


@pytest.mark.slow
def test_links_to_files_lead_to_pages_or_to_the_repository(site: Path) -> None:
    assert 'href="../rules/KLL101-tensor-if/"' in text(site, "versions")
    assert "blob/main/benchmarks/labels" in text(site, "accuracy")
    assert "python bad keras" not in text(site, "rules/KLL101-tensor-if")
