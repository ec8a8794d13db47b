"""`klint --fix` and what goes with it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes import engine, files, writing
from keras_layer_lint.fixes.engine import Fixer
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.lint import lint_paths
from keras_layer_lint.settings import Settings
from tests.conftest import ROOT, Run

Klint = Callable[..., Run]

GATE = """\
import keras


class Gate(keras.layers.Layer):
    def __init__(self, units=4, **kwargs):
        self.units = units

    def call(self, inputs):
        if keras.ops.sum(inputs) > 0:
            return inputs
        return -inputs
"""
FIXED = GATE.replace("        self.units", "        super().__init__(**kwargs)\n        self.units")
NAMED = FIXED.replace("(**kwargs)", "(name, **kwargs)").replace("units=4,", "units=4, name=None,")


@pytest.fixture
def layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "layers.py"
    path.write_text(GATE, encoding="utf-8")
    return path


def test_fix_writes_and_reports_what_is_left(klint: Klint, layers: Path) -> None:
    run = klint("layers.py", "--fix", "--isolated", "--output-format", "concise")
    assert layers.read_text(encoding="utf-8") == FIXED
    assert run.code == 1
    assert [line.split()[2] for line in run.out.splitlines()] == ["KLL101"]
    assert run.err.splitlines()[-1] == "klint: fixed 1 problem"
    again = klint("layers.py", "--fix", "--isolated", "--quiet", "--output-format", "concise")
    assert (layers.read_text(encoding="utf-8"), again.err) == (FIXED, "")


def test_diff_writes_nothing(klint: Klint, layers: Path) -> None:
    run = klint("layers.py", "--diff", "--isolated")
    assert layers.read_text(encoding="utf-8") == GATE
    assert run.code == 1
    assert run.out.splitlines()[:3] == ["--- layers.py", "+++ layers.py", "@@ -3,6 +3,7 @@"]
    assert "+        super().__init__(**kwargs)\n" in run.out
    layers.write_text(FIXED, encoding="utf-8")
    run = klint("layers.py", "--diff", "--isolated")
    assert (run.code, run.out) == (0, "")


def test_fix_only_reports_nothing(klint: Klint, layers: Path) -> None:
    run = klint("layers.py", "--fix-only", "--show-fixes", "--isolated")
    assert (run.code, run.out) == (0, "")
    assert "layers.py: KLL204 in Gate: add `super().__init__(**kwargs)`" in run.err
    layers.write_text(GATE, encoding="utf-8")
    assert klint("layers.py", "--fix-only", "--exit-non-zero-on-fix", "--isolated").code == 1


def test_which_rules_are_fixed(klint: Klint, layers: Path) -> None:
    klint("layers.py", "--fix", "--isolated", "--fixable", "KLL3")
    klint("layers.py", "--fix", "--isolated", "--unfixable", "missing-super-init")
    klint("layers.py", "--fix", "--isolated", "--ignore", "KLL204")
    assert layers.read_text(encoding="utf-8") == GATE
    (layers.parent / "klint.toml").write_text('unfixable = ["KLL2"]\n', encoding="utf-8")
    klint("layers.py", "--fix")
    assert layers.read_text(encoding="utf-8") == GATE


def test_unsafe_fixes_are_asked_for(klint: Klint, layers: Path) -> None:
    layers.write_text(NAMED, encoding="utf-8")
    run = klint("layers.py", "--fix", "--isolated", "--keras", "2")
    assert layers.read_text(encoding="utf-8") == NAMED
    assert "1 problem can be fixed with `--fix --unsafe-fixes`." in run.out
    klint("layers.py", "--fix", "--unsafe-fixes", "--isolated", "--keras", "2")
    assert "super().__init__(name=name, **kwargs)" in layers.read_text(encoding="utf-8")


def test_reports_name_fixes(klint: Klint, layers: Path) -> None:
    run = klint("layers.py", "--isolated", "--output-format", "json")
    (found,) = (each["fix"] for each in json.loads(run.out)["diagnostics"] if each["code"] == "KLL204")
    assert found == {
        "applicability": "safe",
        "message": "add `super().__init__(**kwargs)`",
        "edits": [
            {"line": 6, "column": 1, "end_line": 6, "end_column": 1, "text": "        super().__init__(**kwargs)\n"}
        ],
    }
    run = klint("layers.py", "--isolated")
    assert "fix: add `super().__init__(**kwargs)` (`--fix`)\n" in run.out
    assert run.out.endswith("1 problem can be fixed with `--fix`, 1 more with `--fix --unsafe-fixes`.\n")


@pytest.mark.parametrize("option", ["--fix", "--diff", "--fix-only"])
def test_standard_input(klint: Klint, layers: Path, option: str) -> None:
    run = klint("-", option, "--isolated", "--stdin-filename", "other.py", stdin=GATE.encode())
    if option == "--diff":
        assert run.out.startswith("--- other.py\n")
    else:
        assert run.out == FIXED
    assert ("KLL101" in run.err) == (option == "--fix")
    assert layers.read_text(encoding="utf-8") == GATE


@pytest.mark.parametrize("arguments", ["--unsafe-fixes", "--show-fixes", "--fix --confirm --shard 1/2"])
def test_what_does_not_go_together(klint: Klint, layers: Path, arguments: str) -> None:
    run = klint("layers.py", *arguments.split())
    assert (run.code, run.out) == (2, "")


def test_a_file_that_changes_meanwhile(klint: Klint, layers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = writing.replace_module

    def late(path: Path, before: bytes, after: bytes) -> None:
        path.write_bytes(before + b"# more\n")
        original(path, before, after)

    monkeypatch.setattr(files, "replace_module", late)
    run = klint("layers.py", "--fix", "--isolated", "--quiet")
    assert run.code == 2
    assert "changed while it was fixed, so it is left as it is" in run.err
    assert layers.read_text(encoding="utf-8") == GATE + "# more\n"


def test_a_fix_that_crashes_costs_itself_only(klint: Klint, layers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(place: Place) -> Fix | None:
        raise ZeroDivisionError("oh")

    monkeypatch.setitem(engine.registered(), "missing-super-init", broken)
    run = klint("layers.py", "--isolated", "--output-format", "json")
    assert run.code == 2
    assert [each["code"] for each in json.loads(run.out)["diagnostics"]] == ["KLL204", "KLL101"]
    assert "layers.py: fix of KLL204 on line 5: ZeroDivisionError: oh (test_command.py:" in run.err
    run = klint("layers.py", "--fix", "--isolated", "--quiet")
    assert (run.code, layers.read_text(encoding="utf-8")) == (2, GATE)


@pytest.mark.slow
def test_the_faulty_samples(tmp_path: Path) -> None:
    """What is fixed is gone, nothing new is said, and nothing is left to fix."""
    shutil.copytree(ROOT / "fixtures" / "faulty", tmp_path / "faulty")
    settings = Settings(root=str(tmp_path))
    report = lint_paths([tmp_path / "faulty"], settings)
    done = [files.written(file) for file in files.fixes_of(report, files.Wanted().fixer(settings))]
    made = sorted(each.code for file in done for each in file.fixed.made)
    assert len(made) >= 10
    assert not any(file.error or file.fixed.refused for file in done)
    left = sorted(each.code for each in lint_paths([tmp_path / "faulty"], settings).diagnostics)
    before = sorted(each.code for each in report.diagnostics)
    for code in made:
        before.remove(code)
    assert [code for code in left if code not in before] == []
    fixer = Fixer(settings)
    for file in done:
        assert not fixer.fixed(Path(file.path).read_bytes(), Path(file.path)).made
