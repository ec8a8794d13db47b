"""What was run once is not run again while nothing changes, and what changes is run alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint.confirm import confirming
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import ProbeResult
from keras_layer_lint.confirm.zygotes import ZygoteProcess
from tests.conftest import ROOT, Run
from tests.frameworks import needs

Klint = Callable[..., Run]

LAYERS = """\
import keras
import numpy as np
from keras import ops

from steps import step


class Gate(keras.layers.Layer):
    def call(self, inputs):
        if ops.mean(inputs) > 0:
            return step(inputs)
        return inputs


class Centre(keras.layers.Layer):
    def call(self, inputs):
        return inputs - np.mean(inputs)


class Narrow(keras.layers.Layer):
    def __init__(self, units=4):
        super().__init__()
        self.units = units

    def call(self, inputs):
        return inputs[:, : self.units]
"""
STEPS = """\
def step(x):
    return x * 2


def unused(x):
    return x
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "layers.py").write_text(LAYERS, encoding="utf-8")
    (tmp_path / "steps.py").write_text(STEPS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, zygotes_are_held: None) -> list[str]:
    """The classes that are run, and "pool" for each time that any is."""
    found: list[str] = []

    class Watched(Pool):
        def __init__(self, probes: Any, **options: Any) -> None:
            found.extend(probe.class_name for probe in probes)
            super().__init__(probes, **options)

        def run(self) -> list[ProbeResult]:
            found.append("pool")
            return super().run()

    monkeypatch.setattr(confirming, "Pool", Watched)
    return found


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each process that imports a framework."""
    found: list[str] = []
    start = ZygoteProcess.__init__

    def started(self: ZygoteProcess, *arguments: Any) -> None:
        found.append("zygote")
        start(self, *arguments)

    monkeypatch.setattr(ZygoteProcess, "__init__", started)
    return found


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


ARGUMENTS = (".", "--keras", "3", "--device", "cpu", "--select", "KLL101,KLL111,KLL306", "--confirm")
FORMATS = [f"--output-format={name}" for name in ("full", "concise", "json", "github", "markdown")]


def test_an_unchanged_project_imports_no_framework(klint: Klint, project: Path, imported: list[str]) -> None:
    needs("3")
    for started in (["zygote"], []):
        imported.clear()
        klint(*ARGUMENTS)
        assert imported == started


def test_an_unchanged_project_is_not_run_again(klint: Klint, project: Path, ran: list[str]) -> None:
    needs("3")
    before = klint(*ARGUMENTS, "--verbose")
    assert sorted(ran) == ["Centre", "Gate", "Narrow", "pool"]
    assert before.out.count("confirmed: ") == 3
    assert "0 layers of 3 taken from earlier runs" in before.err
    ran.clear()
    after = klint(*ARGUMENTS, "--verbose")
    assert ran == []
    assert after.out == before.out
    assert "3 layers of 3 taken from earlier runs" in after.err
    for form in FORMATS:
        kept, new = klint(*ARGUMENTS, form), klint(*ARGUMENTS, form, "--no-cache")
        assert (kept.code, without_seconds(kept.out), kept.err) == (new.code, without_seconds(new.out), new.err)
    assert ran.count("pool") == len(FORMATS)


def without_seconds(text: str) -> str:
    return re.sub(r'("seconds": )[\d.]+', r"\1", text)


def test_what_changes_is_run_alone(klint: Klint, project: Path, ran: list[str]) -> None:
    needs("3")
    layers, steps = project / "layers.py", project / "steps.py"
    klint(*ARGUMENTS)
    (project / "klint.toml").write_text("[recipes]\n", encoding="utf-8")
    recipe = '[recipes]\n"layers.Centre" = { inputs = "float32[2,3]" }\n'
    for file, before, after, classes in [
        (layers, "return step(inputs)", "return step(inputs) + 1", ["Gate"]),
        (layers, "class Gate", "# Moves all below.\n\n\nclass Gate", []),
        (layers, "units=4", "units=4, mode='a'", ["Narrow"]),
        (steps, "x * 2", "x * 3", ["Gate"]),
        (steps, "return x\n", "return -x\n", []),
        (layers, "from steps", "import os\nfrom steps", ["Gate", "Centre", "Narrow"]),
        (layers, "import os\n", "", []),  # as it was
        (project / "klint.toml", "[recipes]\n", recipe, ["Centre"]),
    ]:
        ran.clear()
        edit(file, before, after)
        kept = klint(*ARGUMENTS)
        assert [name for name in ran if name != "pool"] == classes
        assert ("pool" in ran) == bool(classes)
        assert kept.out == klint(*ARGUMENTS, "--no-cache").out


def test_another_question_is_run(klint: Klint, project: Path, ran: list[str]) -> None:
    needs("3")
    klint(*ARGUMENTS)
    for more in (["--timeout", "50"], ["--confirm=all"], ["--no-cache"], ["--cache-dir", "other"]):
        ran.clear()
        klint(*ARGUMENTS, *more)
        assert sorted(ran) == ["Centre", "Gate", "Narrow", "pool"], more
    ran.clear()
    klint(*ARGUMENTS, "--confirm=all")
    klint(*ARGUMENTS, "--cache-dir", "other")
    assert ran == []


DATA = """\
import json
from pathlib import Path

import keras
import numpy as np

CASES = json.loads(Path(__file__).with_name("cases.json").read_text())


class Centre(keras.layers.Layer):
    def call(self, inputs):
        return inputs - np.mean(inputs) * CASES["factor"]
"""


def test_data_that_a_module_reads(klint: Klint, tmp_path: Path, ran: list[str]) -> None:
    needs("3")
    (tmp_path / "layers.py").write_text(DATA, encoding="utf-8")
    (tmp_path / "cases.json").write_text('{"factor": 1}', encoding="utf-8")
    for factor, classes in [(1, ["Centre"]), (1, []), (2, ["Centre"]), (2, [])]:
        ran.clear()
        if factor == 2 and classes:
            (tmp_path / "cases.json").write_text('{"factor": 2}', encoding="utf-8")
        klint(*ARGUMENTS)
        assert [name for name in ran if name != "pool"] == classes


ENDLESS = """\
import time

import keras
import numpy as np


class Slow(keras.layers.Layer):
    def call(self, inputs):
        time.sleep(100)
        return inputs - np.mean(inputs)


class Loop(keras.layers.Layer):
    def call(self, inputs):
        while self.supports_masking is not None:
            pass
        return inputs - np.mean(inputs)


class Hungry(keras.layers.Layer):
    def call(self, inputs):
        raise MemoryError


class Dead(keras.layers.Layer):
    def call(self, inputs):
        import os

        os._exit(3)
        return inputs - np.mean(inputs)


class Centre(keras.layers.Layer):
    def call(self, inputs):
        return inputs - np.mean(inputs)
"""


@pytest.mark.slow
def test_what_a_limit_cut_short_is_run_again(klint: Klint, tmp_path: Path, ran: list[str]) -> None:
    needs("3")
    (tmp_path / "layers.py").write_text(ENDLESS, encoding="utf-8")
    arguments = (*ARGUMENTS, "--timeout", "12")
    klint(*arguments)
    ran.clear()
    klint(*arguments)
    assert set(ran) >= {"Slow", "Loop", "Dead", "pool"}  # others, too, may have run out of it


def klint_in(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "keras_layer_lint", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_runs_beside_each_other(project: Path) -> None:
    needs("3")
    arguments = (*ARGUMENTS, "--output-format", "json", "--verbose")
    runs = [klint_in(project, *arguments) for _ in range(2)]
    texts = [run.communicate(timeout=240) for run in runs]
    last, err = klint_in(project, *arguments).communicate(timeout=240)
    assert "3 layers of 3 taken from earlier runs" in err
    assert [json.loads(out)["diagnostics"] for out, _ in texts] != []
    verdicts = [[item["verdict"]["evidence"] for item in json.loads(out)["diagnostics"]] for out, _ in texts]
    assert verdicts == [[item["verdict"]["evidence"] for item in json.loads(last)["diagnostics"]]] * 2
    assert not [err for _, err in texts if "not all kept" in err]


def test_a_folder_that_cannot_be_used_is_said_and_no_more(klint: Klint, project: Path) -> None:
    needs("3")
    (project / "file").write_text("")
    run = klint(*ARGUMENTS, "--cache-dir", "file")
    assert run.code == 1
    assert run.out.count("confirmed: ") == 3
    assert run.err.startswith(f"klint: verdicts are not all kept: {project / 'file'}")
    assert run.err.count("\n") == 1
