"""What was measured, and how it is run: without a framework, but for one layer from end to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.keras_layer_tests.forking import run_each
from benchmarks.keras_layer_tests.mutants import SOUND, Mutant
from benchmarks.keras_layer_tests.operators import FAMILIES, OPERATORS
from benchmarks.keras_layer_tests.ports import PORTS
from benchmarks.keras_layer_tests.results import PAGE, RESULTS, Row, by_both, read, table, write, write_page
from tests.conftest import ROOT
from tests.frameworks import needs

ROWS = [
    Row("Dense", SOUND, "", "", ""),
    Row("Softmax", SOUND, "", "mask", "mask: it raises"),
    Row("Dense", "slip", "AssertionError", "shape", "shape: other"),
    Row("Softmax", "slip", "", "xla", "xla: other"),
    Row("Dense", "other", "", "", ""),
]


def test_table() -> None:
    assert table(ROWS).splitlines()[2:] == [
        "| `other` | 1 | 0 | 0 | 0 | 1 |",
        "| `slip` | 2 | 1 | 0 | 1 | 0 |",
        "| **all** | 3 | 1 | 0 | 1 | 1 |",
        "",
        "Of the 2 tests of layers as they are, 0 fail Keras's test case and 1 fails (Softmax: `mask`) `check_layer`.",
    ]


def test_each_operator_is_of_one_family() -> None:
    assert sorted(name for names in FAMILIES.values() for name in names) == sorted(OPERATORS)


def test_written_and_read(tmp_path: Path) -> None:
    write(tmp_path / "results.csv", ROWS)
    assert read(tmp_path / "results.csv") == ROWS
    (page := tmp_path / "page.md").write_text(
        "before\n<!-- keras_layer_tests -->\nold\n<!-- /keras_layer_tests -->\nafter\n", encoding="utf-8"
    )
    write_page(ROWS, page)
    assert page.read_text(encoding="utf-8") == (
        f"before\n<!-- keras_layer_tests -->\n{table(ROWS, FAMILIES)}\n<!-- /keras_layer_tests -->\nafter\n"
    )


def test_what_fails_without_a_fault_finds_none() -> None:
    mutant = Mutant(PORTS[0], "slip", "")
    seen = {"mask": "mask: it raises", "xla": "xla: other"}
    assert by_both(mutant, {}, seen, {"mask"}) == Row("Dense", "slip", "", "xla", "xla: other")
    assert by_both(mutant, {"keras": "x"}, seen, seen) == Row("Dense", "slip", "x", "", "")


def test_the_page_shows_what_was_measured() -> None:
    rows = read(RESULTS)
    assert table(rows, FAMILIES) in PAGE.read_text(encoding="utf-8")
    assert len({row.port for row in rows if row.operator == SOUND}) >= 25
    assert len({row.operator for row in rows}) > 8
    assert [row for row in rows if row.keras and not row.klint] == []


def work(task: str, folder: Path) -> Any:
    assert list(folder.iterdir()) == []
    (folder / "written").touch()
    if task == "raises":
        raise ValueError("no")
    if task == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if task == "sleeps":
        time.sleep(60)
    return {"said": task}


@pytest.mark.slow
def test_each_task_runs_in_a_child() -> None:
    started = time.monotonic()
    found = dict(run_each(["one", "raises", "dies", "sleeps", "two"], work, jobs=2, seconds=1.5))
    assert time.monotonic() - started < 20
    assert found == {
        "one": {"said": "one"},
        "two": {"said": "two"},
        "raises": "ValueError: no",
        "dies": "the process ended with 9",
        "sleeps": "it took too long",
    }


@pytest.mark.slow
def test_from_end_to_end() -> None:
    needs("3")
    command = [sys.executable, "-m", "benchmarks.keras_layer_tests", "--only", "^Masking$"]
    options = ["--operators", "numpy_in_call,masking_not_supported"]
    done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    said = [line for line in done.stderr.splitlines() if line.startswith("Masking: ")]
    assert [line for line in said if "sound" in line and not line.endswith(": nothing")] == []
    assert sum("masking_not_supported" in line and "supports_masking" in line for line in said) == 2, said
    assert any("numpy_in_call: klint: {'graph': " in line for line in said), said
