"""The pipeline: which rules run where, what becomes of failures, and that processes change nothing."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pathspec import GitIgnoreSpec

from keras_layer_lint import Settings, Severity, lint, lint_paths, lint_source, registry
from keras_layer_lint.diagnostic import Limit
from keras_layer_lint.errors import KlintError
from keras_layer_lint.lint import report_of_source
from keras_layer_lint.processes import FILES_PER_WORKER, workers_for
from keras_layer_lint.rule import UNREADABLE_FILE
from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.interpreter import Interpreter
from tests.conftest import ROOT

LAYER = """\
import keras
import tensorflow as tf


class Gate(keras.layers.Layer):
    def build(self, shape):
        self.scale = self.add_weight(name="scale", shape=(shape[-1],))

    def call(self, x):
        if tf.reduce_mean(x) > 0:
            return x
        return -x
"""
CODES = {"KLL101", "KLL202"}
BUILT = "gate = Gate()\ngate.build((None, 4))\n"
"""Without which a project knows of no fault KLL202."""


def codes(source: str = LAYER, path: str = "layers.py", **settings: Any) -> set[str]:
    return {found.code for found in lint_source(source, path, Settings(**settings))}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, CODES),
        ({"select": ("KLL1",)}, {"KLL101"}),
        ({"select": ()}, set()),
        ({"select": (), "extend_select": ("KLL202",)}, {"KLL202"}),
        ({"ignore": ("KLL1",)}, {"KLL202"}),
        ({"ignore": ("KLL",)}, set()),
        ({"select": ("KLL1",), "ignore": ("KLL101",)}, set()),
        ({"select": ("KLL101",), "ignore": ("KLL1",)}, {"KLL101"}),  # the more specific one wins
        ({"select": ("KLL101",), "ignore": ("KLL101",)}, set()),
        ({"ignore": ("KLL2",), "extend_select": ("KLL202",)}, CODES),
        ({"min_severity": Severity.ERROR}, {"KLL101"}),
        ({"keras": ("2",)}, {"KLL202"}),
    ],
)
def test_selection(settings: dict[str, Any], expected: set[str]) -> None:
    assert codes(**settings) == expected


@pytest.mark.parametrize(
    ("pattern", "path", "is_ignored"),
    [
        ("legacy/*", "legacy/layers.py", True),
        ("legacy/*", "src/layers.py", False),
        ("layers.py", "src/deep/layers.py", True),
        ("/layers.py", "src/layers.py", False),
        ("src/**/layers.py", "src/a/b/layers.py", True),
    ],
)
def test_per_file_ignores(tmp_path: Path, pattern: str, path: str, is_ignored: bool) -> None:
    found = codes(path=str(tmp_path / path), root=str(tmp_path), per_file_ignores={pattern: ("KLL1",)})
    assert found == (CODES - {"KLL101"} if is_ignored else CODES)


def test_what_a_file_ignores_is_ignored_however_it_was_selected() -> None:
    assert codes(select=("KLL101",), per_file_ignores={"*.py": ("KLL",)}) == set()


@pytest.mark.parametrize(
    ("folder", "given", "shown"),
    [
        (".", "src/../src/layers.py", "src/layers.py"),
        ("src", "../src/layers.py", "../src/layers.py"),
        (".", "{root}/src/layers.py", "src/layers.py"),
        ("other", "{root}/src/layers.py", "{root}/src/layers.py"),
    ],
)
def test_paths_are_relative_where_they_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, given: str, shown: str
) -> None:
    for name in ("src", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "src" / "layers.py").write_text(LAYER, encoding="utf-8")
    monkeypatch.chdir(tmp_path / folder)
    report = lint_paths([given.format(root=tmp_path)])
    assert {found.path for found in report.diagnostics} == {shown.format(root=tmp_path.as_posix())}


def test_source_is_linted_as_if_it_stood_at_its_path(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text("import keras\n\n\nclass Base(keras.layers.Layer): ...\n", encoding="utf-8")
    source = LAYER.replace("(keras.layers.Layer)", "(Base)").replace("import keras\n", "from base import Base\n")
    assert codes(source, str(tmp_path / "layers.py")) == CODES
    assert codes(source, str(tmp_path / "elsewhere" / "layers.py")) == set()


def test_text_is_read_as_text_whatever_its_coding_comment_says() -> None:
    source = f"# coding: latin-1\n{LAYER}".replace("size", "größe")
    (found,) = [found for found in lint_source(source) if found.code == "KLL202"]
    assert (found.span.line, found.path) == (7, "<stdin>")
    assert {item.code for item in lint_source(source.encode("latin-1"))} == CODES


def test_report_of_source_counts_layers() -> None:
    report = report_of_source(LAYER + LAYER.replace("Gate", "Other"), "layers.py")
    assert (report.files, report.layers) == (1, 2)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2, 3, 16])
def test_processes_change_nothing(tmp_path: Path, jobs: int) -> None:
    (tmp_path / "a.py").write_text("class A(\nB): def call(self): pass\n", encoding="utf-8")
    fixtures = [ROOT / "fixtures", tmp_path]
    alone, found = lint_paths(fixtures, Settings(jobs=1)), lint_paths(fixtures, Settings(jobs=jobs))
    assert len(alone.diagnostics) > 20
    assert (found.diagnostics, found.errors) == (alone.diagnostics, ())
    assert (found.files, found.layers) == (alone.files, alone.layers)


def test_order_is_that_of_places(tmp_path: Path) -> None:
    for name in ("b.py", "a.py"):
        (tmp_path / name).write_text(LAYER + BUILT, encoding="utf-8")
    found = lint_paths([tmp_path / "b.py", tmp_path / "a.py"]).diagnostics
    places = [(item.path, item.span.line) for item in found]
    assert places == sorted(places)
    assert len(places) == 4


@pytest.fixture
def crashing(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[Any], object]], None]:
    """Add a check that raises for the classes of a name, in what it is given or does."""

    def add(name: str, crash: Callable[[Any], object]) -> None:
        def check(layer: Any) -> Any:
            if layer.layer.name == name:
                crash(layer)
            return iter(())

        broken = registry.RegisteredCheck(UNREADABLE_FILE, check, registry.registered()[0].kinds)
        known = registry.checks_for
        monkeypatch.setattr(
            registry, "checks_for", lambda kind: (broken, *known(kind)) if kind in broken.kinds else known(kind)
        )

    return add


def divide(layer: Any) -> object:
    return 1 / 0


TWO = LAYER + LAYER.replace("Gate", "Broken")


def test_a_check_that_crashes_costs_what_it_says_of_that_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crashing: Any
) -> None:
    for name in ("a.py", "bad.py", "z.py"):
        (tmp_path / name).write_text(TWO.replace("Broken", f"Gate_{name[0]}"), encoding="utf-8")
    crashing("Gate_b", divide)
    monkeypatch.chdir(tmp_path)
    report = lint_paths(["."], Settings(jobs=1))
    assert [(found.path, found.class_name) for found in report.diagnostics if found.code == "KLL101"] == [
        (path, name) for path in ("a.py", "bad.py", "z.py") for name in ("Gate", f"Gate_{path[0]}")
    ]
    (error,) = report.errors
    assert (error.path, error.line) == ("bad.py", 17)
    assert error.message.startswith("class Gate_b, KLL001: ZeroDivisionError: division by zero (test_lint.py:")
    with pytest.raises(KlintError, match=r"^bad\.py: class Gate_b, KLL001: ZeroDivisionError"):
        lint_source(TWO.replace("Broken", "Gate_b"), "bad.py")


def test_an_analysis_that_crashes_costs_its_class_and_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run_method = Interpreter.run_method

    def crash(self: Any, name: str, method: Any) -> Any:
        if self.run.layer.name == "Broken":
            raise KeyError("a value")
        return run_method(self, name, method)

    monkeypatch.setattr(Interpreter, "run_method", crash)
    report = report_of_source(TWO, "two.py")
    assert {found.class_name for found in report.diagnostics} == {"Gate"}
    (error,) = report.errors
    assert error.message.startswith("class Broken, KLL")
    assert "KeyError: 'a value' (test_lint.py:" in error.message


def test_code_that_is_too_deep_for_python_costs_its_class(crashing: Any) -> None:
    def endless(layer: Any) -> object:
        return endless(layer)

    crashing("Broken", endless)
    report = report_of_source(TWO, "two.py")
    assert report.errors == ()
    assert [(d.code, d.span.line) for d in report.diagnostics if d.code != "KLL202"] == [("KLL101", 10), ("KLL001", 17)]


def test_limits_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = ((9, "a list of 300 items"), (9, "a list of 300 items"), (8, "300,000 steps"))
    monkeypatch.setattr(Analysis, "limits", property(lambda self: limits))
    report = report_of_source(LAYER, "layers.py")
    assert report.limits == (
        Limit("layers.py", 8, "Gate", "300,000 steps"),
        Limit("layers.py", 9, "Gate", "a list of 300 items"),
    )


@pytest.mark.slow
def test_collector_and_recursion_limit_are_put_back() -> None:
    limit = sys.getrecursionlimit()
    assert gc.isenabled()
    lint_paths([ROOT / "fixtures" / "faulty"], Settings(jobs=1))
    assert gc.isenabled()
    assert sys.getrecursionlimit() == limit


DYING = """\
import os
from keras_layer_lint import Settings, lint, lint_paths, registry

registry.registered()
mine = os.getpid()
lint_one = lint.Linter.lint

def die(self, path, data, found):
    if path.name == "m.py" and os.getpid() != mine:
        os._exit(9)
    lint_one(self, path, data, found)

lint.Linter.lint = die
report = lint_paths(["."], Settings(jobs=2))
print(sorted(error.path for error in report.errors), {error.message for error in report.errors})
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs processes that are forked")
@pytest.mark.skipif(sys.version_info >= (3, 14), reason="needs processes that are forked")
def test_a_dying_worker_is_an_error(tmp_path: Path) -> None:
    for name in "abcdefghijklmnopqrstuvwxyz":
        (tmp_path / f"{name}.py").write_text(LAYER, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", DYING],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert "'m.py'" in done.stdout
    assert "not linted: a worker process died" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="has no process groups")
def test_interrupt_ends_the_run_quietly(tmp_path: Path) -> None:
    for number in range(400):
        text = "".join(LAYER.replace("Gate", f"Gate{part}") for part in range(10))
        (tmp_path / f"layers_{number}.py").write_text(text, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "keras_layer_lint", "--isolated", "--jobs", "2", "."],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    time.sleep(2)
    assert process.poll() is None, "it was done before it could be interrupted"
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert (out, err.strip()) == (b"", b"")


def test_workers_are_few_for_few_files() -> None:
    assert [workers_for(files, 0) for files in (0, 1, FILES_PER_WORKER - 1)] == [1, 1, 1]
    assert workers_for(10**6, 0) == os.cpu_count()
    assert workers_for(3, 8) == 3


def test_each_step_is_done_once_a_file_and_each_pattern_compiled_once_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Counter[str] = Counter()

    def counted(name: str, function: Any) -> Any:
        def count(*args: Any, **kwargs: Any) -> Any:
            calls[name] += 1
            return function(*args, **kwargs)

        return count

    for name in ("may_define_layer", "search", "read_module"):
        monkeypatch.setattr(lint, name, counted(name, getattr(lint, name)))
    monkeypatch.setattr(GitIgnoreSpec, "from_lines", counted("from_lines", GitIgnoreSpec.from_lines))
    for number in range(5):
        (tmp_path / f"layers_{number}.py").write_text(LAYER, encoding="utf-8")
    lint_paths([tmp_path], Settings(jobs=1, root=str(tmp_path), per_file_ignores={"*.py": ("KLL1",)}))
    assert calls == {"may_define_layer": 5, "search": 1, "read_module": 5, "from_lines": 1}


def parsed_modules() -> int:
    """Modules that are kept parsed, in whatever cache."""
    return sum(isinstance(item, ModuleIndex) for item in gc.get_objects())


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files without a layer that import each other: all of them pass the gate and are indexed."""
    for number in range(300):
        name = f"m{number}"
        text = f"from m{number // 2} import A as Other\n\n\nclass A(Other):\n    def call(self, x):\n        return x\n"
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    gc.collect()
    before = parsed_modules()
    monkeypatch.setattr(lint, "MAX_KEPT", 5000)
    most = 0
    one = lint.Linter.lint

    def counted(self: Any, path: Path, data: bytes, found: Any) -> None:
        nonlocal most
        one(self, path, data, found)
        if path.stem.endswith("99"):
            most = max(most, parsed_modules() - before)

    monkeypatch.setattr(lint.Linter, "lint", counted)
    assert lint_paths([tmp_path], Settings(jobs=1, root=str(tmp_path))).errors == ()
    assert 0 < most < 100


@pytest.mark.slow
def test_what_is_forgotten_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = ROOT / "fixtures" / "faulty"
    everything = lint_paths([folder], Settings(jobs=1))
    monkeypatch.setattr(lint, "MAX_KEPT", 1)
    assert lint_paths([folder], Settings(jobs=1)).diagnostics == everything.diagnostics != ()


DEEP_BASE = f"""\
import keras


class Base(keras.layers.Layer):
    def build(self, shape):
        del {"(" * 40}self.a{",)" * 40}

    def helper(self, x):
        return x
"""


def test_limits_within_what_a_class_uses_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("base.py").write_text(DEEP_BASE, encoding="utf-8")
    layer = LAYER.replace("(keras.layers.Layer)", "(Base)").replace("import keras", "from base import Base")
    Path("layers.py").write_text(layer.replace("return x", "return self.helper(x)") + BUILT, encoding="utf-8")
    report = lint_paths(["layers.py"])
    text = "a pattern or a target of `del` is nested too deeply to be parsed in time"
    assert report.limits == (Limit("base.py", 6, None, text),)
    assert {found.code for found in report.diagnostics} == CODES


def test_a_module_that_is_too_large_to_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("base.py").write_text(DEEP_BASE + "#" * 5 * 1024 * 1024, encoding="utf-8")
    layer = LAYER.replace("(keras.layers.Layer)", "(Base)").replace("import keras", "from base import Base")
    report = report_of_source(layer, tmp_path / "layers.py")
    assert report.limits == (Limit("base.py", 1, None, "larger than 5 MiB"),)


def test_names_that_take_too_many_steps_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = "\n".join(f"from base import a{number + 1} as a{number}" for number in range(100))
    report = report_of_source(f"a100 = a99\n{names}\n{LAYER.replace('keras.layers.Layer', 'a0')}", "base.py")
    assert [(limit.line, limit.what) for limit in report.limits] == [
        (106, "what `a0` means takes too many steps to find out")
    ]


@pytest.mark.parametrize(("folders", "mark", "told"), [(12, "", True), (12, "pyproject.toml", False), (2, "", False)])
def test_a_root_that_is_too_far_above_is_told(tmp_path: Path, folders: int, mark: str, told: bool) -> None:
    """What lies in folders above, where imports may mean it, was not looked for."""
    folder = tmp_path.joinpath(*"abcdefghijkl"[:folders])
    folder.mkdir(parents=True)
    if mark:
        (folder.parent / mark).write_text("")
    layer = LAYER.replace("(keras.layers.Layer)", "(Base)").replace(
        "import keras", "import keras\nfrom base import Base"
    )
    (folder / "m.py").write_text(layer, encoding="utf-8")
    report = lint_paths([str(folder)], Settings(root=str(Path(__file__).parent), jobs=1))
    found = [(limit.line, limit.what) for limit in report.limits if limit.path.endswith(folder.name)]
    assert found == ([(1, "the root of the project is not within 8 folders above")] if told else [])


def test_what_was_chosen_is_told(tmp_path: Path) -> None:
    layer = "class A(layers.Layer):\n    def call(self, x): return x\n"
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "old.py").write_text(f"import tensorflow_addons\nfrom tensorflow.keras import layers\n{layer}")
    (tmp_path / "new.py").write_text(f"from keras import layers, ops\n{layer}")
    (tmp_path / "none.py").write_text("from keras import ops\nclass A: pass\n")
    chosen = lint_paths([tmp_path]).chosen
    assert [(one.keras, one.why, files) for one, files in chosen] == [
        (("2",), "`tensorflow_addons` is imported", 1),
        (("3",), "`keras.ops` is imported", 1),
    ]
    assert lint_paths([tmp_path], Settings(keras=("2", "3"))).chosen == ()
