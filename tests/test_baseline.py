"""What a baseline knows is not reported again; all else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

Klint = Callable[..., Run]

GATE = """\
import keras


class Gate(keras.layers.Layer):
    def call(self, inputs):
        if keras.ops.sum(inputs) > 0:
            return inputs
        if keras.ops.sum(inputs) > 1:
            return 2 * inputs
        return -inputs
"""
FIRST, SECOND = ("        if keras.ops.sum(inputs) > 0:\n", "        if keras.ops.sum(inputs) > 1:\n")
OPTIONS = ("--isolated", "--keras", "3", "--output-format", "concise", "--baseline", "known.json")


@pytest.fixture
def gate(klint: Klint, tmp_path: Path) -> Path:
    path = tmp_path / "gate.py"
    path.write_text(GATE)
    run = klint("gate.py", *OPTIONS, "--write-baseline")
    assert (run.code, run.out, run.err) == (0, "", "klint: known.json: 2 findings written\n")
    return path


def found(run: Run) -> list[str]:
    return [line.split(" ")[0] for line in run.out.splitlines()]


def test_what_is_known_is_not_told(klint: Klint, gate: Path) -> None:
    run = klint("gate.py", *OPTIONS)
    assert (run.code, run.out, run.err) == (0, "", "")
    run = klint("gate.py", *OPTIONS[:3], "--baseline", "known.json")
    assert run.out == "No problems in 1 file, 1 layer; 2 more in the baseline\n"
    run = klint("gate.py", *OPTIONS[:3], "--baseline", "known.json", "--output-format", "json")
    assert json.loads(run.out)["summary"]["in_baseline"] == 2


def test_what_moves_stays_known(klint: Klint, gate: Path) -> None:
    gate.write_text(
        GATE.replace("\n\nclass", "\n\nSIZE = 3\n\n\nclass").replace("(self, inputs)", "(self, inputs, more=1)")
    )
    assert klint("gate.py", *OPTIONS).code == 0
    gate.write_text("if True:\n" + "".join(f"    {line}\n" for line in GATE.splitlines()))
    assert klint("gate.py", *OPTIONS).code == 0


def test_another_of_the_same_rule_is_told(klint: Klint, gate: Path) -> None:
    """As many as before, and one of them another."""
    gate.write_text(GATE.replace(FIRST, "        if keras.ops.max(inputs) > 0:\n"))
    run = klint("gate.py", *OPTIONS)
    assert (run.code, found(run)) == (1, ["gate.py:6:12:"])
    assert run.err.splitlines()[0] == (
        "klint: known.json: no longer found: KLL101 in gate.py; `--update-baseline` drops them"
    )


def test_a_second_of_the_same_code_is_told(klint: Klint, gate: Path) -> None:
    gate.write_text(GATE.replace(FIRST, FIRST + "            pass\n" + FIRST))
    run = klint("gate.py", *OPTIONS)
    assert (run.code, found(run)) == (1, ["gate.py:8:12:"])


def test_what_is_gone_is_dropped(klint: Klint, gate: Path, tmp_path: Path) -> None:
    gate.write_text(GATE.replace(FIRST, "        if self.built:\n"))
    assert klint("gate.py", *OPTIONS, "--update-baseline").err == "klint: known.json: 1 finding dropped\n"
    assert len(json.loads((tmp_path / "known.json").read_text())["findings"]) == 1
    assert (klint("gate.py", *OPTIONS).code, klint("gate.py", *OPTIONS).err) == (0, "")
    gate.write_text(GATE)
    assert found(klint("gate.py", *OPTIONS)) == ["gate.py:6:12:"]


def test_files_that_are_not_linted_keep_their_entries(klint: Klint, gate: Path, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("import keras\n")
    run = klint("other.py", *OPTIONS, "--update-baseline")
    assert (run.code, run.err) == (0, "")
    gate.unlink()
    assert klint("other.py", *OPTIONS, "--update-baseline").err == "klint: known.json: 2 findings dropped\n"


def test_the_configuration_names_it(klint: Klint, gate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "klint.toml").write_text('baseline = "known.json"\nkeras = "3"\n')
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert klint("../gate.py").code == 0


def test_unreadable_files_are_never_known(klint: Klint, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(GATE + "    def")
    assert klint("bad.py", *OPTIONS, "--write-baseline").err == "klint: known.json: 0 findings written\n"
    assert klint("bad.py", *OPTIONS).code == 1


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2, "findings": []}', '{"version": 1}', '{"version": 1, "findings": [{}]}']
)
def test_what_is_no_baseline(klint: Klint, gate: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "known.json").write_text(text)
    run = klint("gate.py", *OPTIONS)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("klint: known.json: is no baseline")


def test_a_missing_baseline(klint: Klint, tmp_path: Path) -> None:
    (tmp_path / "gate.py").write_text(GATE)
    run = klint("gate.py", *OPTIONS)
    assert (run.code, run.out) == (2, "")
    assert "--write-baseline" in run.err


@pytest.mark.parametrize("options", ["--update-baseline", "--write-baseline --fix", "--write-baseline --confirm"])
def test_what_does_not_go_together(klint: Klint, tmp_path: Path, options: str) -> None:
    (tmp_path / "gate.py").write_text(GATE)
    run = klint("gate.py", "--isolated", *options.split())
    assert (run.code, run.out) == (2, "")
