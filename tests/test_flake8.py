from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from keras_layer_lint import flake8_plugin, registry
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.flake8_plugin import KerasLayerPlugin
from keras_layer_lint.rule import Rule
from keras_layer_lint.settings import Settings
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

BASE = "import keras\n\n\nclass Base(keras.layers.Layer):\n    pass\n"
GATE = """\
from keras import ops

from base import Base


class Gate(Base):
    def call(self, x):
        if ops.mean(x) > 0:
            return x
        return -x
"""

Place = tuple[str, int, int, str, str]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a layer whose base stands in another file, and frameworks that must not be imported."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "base.py").write_text(BASE, encoding="utf-8")
    (tmp_path / "src" / "gate.py").write_text(GATE, encoding="utf-8")
    (tmp_path / "traps").mkdir()
    for name in ("tensorflow", "keras", "tf_keras", "jax"):
        (tmp_path / "traps" / f"{name}.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    return tmp_path


def run(folder: Path, *command: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(folder / "traps"), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def flake8(folder: Path, *arguments: str, stdin: str | None = None) -> list[Place]:
    done = run(folder, "flake8", "--isolated", "--select", "KLL", *arguments, stdin=stdin)
    assert done.stderr == ""
    lines = [re.fullmatch(r"(.+?):(\d+):(\d+): (KLL\d+) (.*)", line) for line in done.stdout.splitlines()]
    found = [(m[1].removeprefix("./"), int(m[2]), int(m[3]), m[4], m[5]) for m in lines if m]
    assert len(found) == len(lines), done.stdout
    return sorted(found)


def klint(folder: Path, *arguments: str) -> list[Place]:
    done = run(folder, "keras_layer_lint", "--output-format", "json", *arguments)
    assert done.returncode < 2, done.stderr
    found = json.loads(done.stdout)["diagnostics"]
    return sorted(
        (d["path"], d["line"], d["column"], d["code"], f"{' '.join(d['message'].split())} [{d['name']}]") for d in found
    )


@pytest.mark.parametrize("arguments", [(), ("-j1",), ("-j2",)])
def test_agrees_with_klint_and_resolves_other_files(project: Path, arguments: tuple[str, ...]) -> None:
    found = flake8(project, *arguments, "src")
    assert ("src/gate.py", 8, 12, "KLL101") in [place[:4] for place in found]
    assert found == klint(project, "src")


def test_agrees_with_klint_on_the_fixtures() -> None:
    found = flake8(ROOT, "-j2", "fixtures/faulty")
    assert len(found) > 10
    # Of a syntax error flake8 says E999, and asks no plugin.
    assert found == [place for place in klint(ROOT, "fixtures/faulty") if place[3] != "KLL001"]


def test_stdin(project: Path) -> None:
    found = flake8(project, "--stdin-display-name", "src/gate.py", "-", stdin=GATE)
    assert ("src/gate.py", 8, 12, "KLL101") in [place[:4] for place in found]


def test_selection_and_noqa_are_flake8s(project: Path) -> None:
    gate = project / "src" / "gate.py"
    gate.write_text(GATE.replace("> 0:", "> 0:  # noqa: KLL101"), encoding="utf-8")
    assert "KLL101" not in {place[3] for place in flake8(project, "src")}
    gate.write_text(GATE, encoding="utf-8")
    assert "KLL101" not in {place[3] for place in flake8(project, "--extend-ignore", "KLL1", "src")}


def test_what_is_silenced_can_be_seen(project: Path) -> None:
    """`--disable-noqa` is flake8's: klint leaves its comments to it, and only klint's own silence."""
    gate = project / "src" / "gate.py"
    gate.write_text(GATE.replace("> 0:", "> 0:  # noqa: KLL101"), encoding="utf-8")
    assert flake8(project, "src") == []
    assert [place[:4] for place in flake8(project, "--disable-noqa", "src")] == [("src/gate.py", 8, 12, "KLL101")]
    gate.write_text(GATE.replace("> 0:", "> 0:  # klint: ignore[KLL101] eager"), encoding="utf-8")
    assert flake8(project, "--disable-noqa", "src") == []
    gate.write_text(GATE.replace("> 0:", "> 0:  # noqa: KLL111"), encoding="utf-8")
    assert {place[3] for place in flake8(project, "src")} == {"KLL002", "KLL101"}


def test_baseline(project: Path) -> None:
    """Known findings are known here, too: another of the same rule, in the same file or process, is not."""
    gate = project / "src" / "gate.py"
    (project / "klint.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
    assert run(project, "keras_layer_lint", "src", "--write-baseline").returncode == 0
    assert flake8(project, "src") == []
    assert flake8(project, "--stdin-display-name", "src/gate.py", "-", stdin=GATE) == []
    gate.write_text(f"\n{GATE}        if ops.max(x) > 0:\n            return x\n".replace("return -x", "x = -x"))
    (project / "src" / "other.py").write_text(GATE, encoding="utf-8")
    found = [place[:4] for place in flake8(project, "src")]
    assert found == [("src/gate.py", 12, 12, "KLL101"), ("src/other.py", 8, 12, "KLL101")]
    assert found == [place[:4] for place in klint(project, "src")]
    (project / "known.json").unlink()
    done = run(project, "flake8", "--isolated", "src")
    assert "known.json: cannot be read" in done.stdout + done.stderr


def test_options(project: Path) -> None:
    """A plain tensor `if` works in Keras 2."""
    everything = flake8(project, "src")
    assert "KLL101" not in {place[3] for place in flake8(project, "--klint-keras", "2", "src")}
    assert "TracerBoolConversionError" in str(flake8(project, "--klint-backend", "jax", "src"))
    assert "TracerBoolConversionError" not in str(everything)
    (project / "klint.toml").write_text("keras = 2\n", encoding="utf-8")
    assert "KLL101" not in {place[3] for place in flake8(project, "src")}
    assert flake8(project, "--klint-keras", "3", "src") == everything
    (project / "other.toml").write_text("keras = 3\n", encoding="utf-8")
    assert flake8(project, "--klint-config", "other.toml", "src") == everything


def test_wrong_option_stops_flake8_with_the_reason(project: Path) -> None:
    done = run(project, "flake8", "--isolated", "--klint-keras", "4", "src")
    assert done.returncode == 1
    assert 'klint: --keras: must be auto, 2, 3 or 2,3, or a version such as 3.6, not "4"' in done.stdout + done.stderr


def test_syntax_error_is_flake8s(project: Path) -> None:
    (project / "src" / "gate.py").write_text("class Gate(\n", encoding="utf-8")
    done = run(project, "flake8", "--isolated", "src")
    assert " E999 " in done.stdout or " E902 " in done.stdout
    assert "KLL" not in done.stdout


def test_crash_is_one_line_and_the_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise RecursionError("too\ndeep")

    monkeypatch.setattr(flake8_plugin, "Linter", crash)
    assert list(KerasLayerPlugin(ast.parse(""), "x.py", []).run()) == [
        (1, 0, "KLL001 klint failed on this file: RecursionError: too deep; this is a bug in klint", KerasLayerPlugin)
    ]


def test_crash_in_one_class_is_a_line_and_the_others_are_linted(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(context: LayerContext) -> Iterator[Diagnostic]:
        if context.layer.name == "Broken":
            raise ZeroDivisionError("oh\nno")
        yield from ()

    broken = registry.RegisteredCheck(Rule("KLL199", "broken"), check)
    known = registry.checks_for
    monkeypatch.setattr(registry, "checks_for", lambda kind: (broken, *known(kind)))
    monkeypatch.setattr(KerasLayerPlugin, "linter", None)
    gate = GATE[GATE.index("class Gate") :]
    source = f"from keras import ops\n{BASE}\n\n{gate.replace('Gate', 'Broken')}\n\n{gate}"
    found = KerasLayerPlugin(ast.parse(""), "x.py", source.splitlines(keepends=True)).run()
    texts = {line: text.partition(" (test_flake8.py")[0] for line, _, text, _ in found}
    assert texts[9] == "KLL001 klint failed: class Broken, KLL199: ZeroDivisionError: oh no"
    assert texts[18].startswith("KLL101 ")


def test_defaults_without_flake8s_options() -> None:
    assert KerasLayerPlugin.settings == Settings()
