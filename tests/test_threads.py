"""klint as a guest: threads do not disturb each other, and switches of the process are as they were."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import libcst as cst
import pytest

from keras_layer_lint import Diagnostic, Settings, lint_paths, lint_source, processes
from keras_layer_lint.source import code_slice
from keras_layer_lint.source.positions import PublicPositions
from tests.conftest import ROOT
from tests.test_lint import LAYER

pytestmark = pytest.mark.slow

DEEP = LAYER.replace("        if tf", "        x = " + " + ".join(["x"] * 390) + "\n        if tf", 1)
"""Takes more Python frames than there are by default."""


def switches() -> tuple[object, ...]:
    return (
        sys.getrecursionlimit(), threading.stack_size(), gc.isenabled(), list(warnings.filters),
        cst.CSTNode.__post_init__,
    )  # fmt: skip


def faults(source: str) -> list[tuple[str, int]]:
    return [(found.code, found.span.line) for found in lint_source(source, "a.py", Settings(select=("KLL1",)))]


def test_threads_do_not_disturb_each_other() -> None:
    before = switches()
    sources = [DEEP, LAYER, "x = 1\n" + LAYER, DEEP.replace("Gate", "Other")] * 6
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(faults, sources))
    assert found == [[("KLL101", 11)], [("KLL101", 10)], [("KLL101", 11)], [("KLL101", 11)]] * 6
    assert switches() == before


def test_folders_in_threads() -> None:
    before = switches()
    folders = sorted((ROOT / "fixtures" / "faulty").iterdir())

    def lint(folder: Path) -> tuple[Diagnostic, ...]:
        return lint_paths([folder], Settings(jobs=1, root=str(ROOT))).diagnostics

    alone = [lint(folder) for folder in folders]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lint, folders)) == alone
    assert switches() == before


def test_nodes_are_validated_while_others_lint() -> None:
    stop = threading.Event()
    accepted = 0

    def build() -> None:
        nonlocal accepted
        while not stop.is_set():
            with suppress(cst.CSTValidationError):
                cst.Name("")
                accepted += 1

    thread = threading.Thread(target=build)
    thread.start()
    for _ in range(20):
        faults(LAYER)
    stop.set()
    thread.join()
    assert accepted == 0


def test_a_deep_stack_raises_what_happens_in_it() -> None:
    before = switches()
    with pytest.raises(ZeroDivisionError):
        processes.in_deep_stack(lambda: 1 / 0)
    assert processes.in_deep_stack(processes.is_deep)
    assert not processes.is_deep()
    assert switches() == before


def test_the_limit_is_raised_only_where_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[int] = []
    monkeypatch.setattr(sys, "setrecursionlimit", raised.append)
    assert faults(LAYER) == [("KLL101", 10)]
    assert raised == []


@pytest.mark.parametrize("limit", [400, 1000])
def test_called_from_deep_within_or_with_few_frames(limit: int) -> None:
    code = f"""
import sys
from tests.test_threads import DEEP, LAYER, faults
sys.setrecursionlimit({limit})
print(faults(DEEP), faults(LAYER), sys.getrecursionlimit())
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == f"[('KLL101', 11)] [('KLL101', 10)] {limit}\n", done.stderr


def test_without_the_private_parts_of_libcst(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of LibCST may not have them."""
    expected = lint_paths([ROOT / "fixtures"], Settings(jobs=1)).diagnostics
    places: list[str] = []

    def public(module: cst.Module, **_: object) -> PublicPositions:
        places.append(module.code)
        return PublicPositions(module)

    monkeypatch.setattr(code_slice, "positions_of", public)
    assert lint_paths([ROOT / "fixtures"], Settings(jobs=1)).diagnostics == expected
    assert places


@pytest.mark.parametrize("internal", ["None", "types.SimpleNamespace(CodegenState=object)", "types.SimpleNamespace()"])
def test_klint_works_where_they_are_missing_or_others(internal: str) -> None:
    code = f"""
import sys, types
import libcst
sys.modules["libcst._nodes.internal"] = {internal}
from tests.test_threads import LAYER, faults
print(faults(LAYER))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "[('KLL101', 10)]\n", done.stderr
