"""Which outcomes are taken, and which are not: without running any."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint.confirm.keeping import kept as kept_module
from keras_layer_lint.confirm.keeping.kept import Kept
from keras_layer_lint.confirm.probe import FoundCall, OracleRun, Probe, ProbeResult, Recipe, UnseenFailure, no_gpu
from keras_layer_lint.diagnostic import Verdict
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.target import Generation
from tests.confirm.conftest import claim_of, probe

SOURCE = """\
import keras


class Gate(keras.layers.Layer):
    def call(self, x):
        return x


class Other(keras.layers.Layer):
    def call(self, x):
        return x
"""


@pytest.fixture
def asked(tmp_path: Path) -> Probe:
    (tmp_path / "src").mkdir()
    path = tmp_path / "src" / "layers.py"
    path.write_text(SOURCE)
    os.utime(path, (1, 1))
    claims = [claim_of("KLL101", 6, expects=expects(Effect.NOT_SAVED, attribute="units"))]
    call = FoundCall(arguments="units=3", place="tests/test_gate.py:4", inputs="float32[2,3]")
    return replace(probe(path, "Gate", claims), line=4, calls=(call,), recipe=Recipe(arguments="units=2"))


def outcome_of(asked: Probe) -> ProbeResult:
    verdict = Verdict(
        status="confirmed", oracle="graph", keras="3.15", backend="jax", device="cpu", evidence="raised", line=6
    )
    return ProbeResult(
        probe=asked,
        verdicts=(replace(verdict, seconds=0.25, help="\ud800"),),
        failures=(UnseenFailure(oracle="xla", evidence="other outputs", line=5),),
        ways=(OracleRun(oracle="xla"),),
        source="a call",
        lacking=("reaching the network",),
        is_repeatable=True,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def run(folder: Path | None, asked: Probe, **changes: Any) -> None:
    """As if it had been run, with this outcome."""
    kept = Kept(folder, [asked], 60.0)
    assert kept.unknown == [asked]
    kept.with_known([replace(outcome_of(asked), **changes)])


def known(folder: Path | None, asked: Probe, timeout: float = 60.0) -> ProbeResult | None:
    kept = Kept(folder, [asked], timeout)
    assert len(kept.known) + len(kept.unknown) == 1
    return next(iter(kept.known), None)


def test_an_outcome_comes_back_whole(folder: Path, asked: Probe) -> None:
    run(folder, asked)
    assert known(folder, asked) == outcome_of(asked)


def test_without_a_folder_nothing_is_kept(asked: Probe, tmp_path: Path) -> None:
    run(None, asked)
    assert known(None, asked) is None
    assert [path.name for path in tmp_path.iterdir()] == ["src"]


def test_the_path_as_shown_makes_no_difference(folder: Path, asked: Probe) -> None:
    run(folder, asked)
    shown = replace(asked, shown="elsewhere/layers.py")
    assert known(folder, shown) == replace(outcome_of(asked), probe=shown)


CHANGES: dict[str, Callable[[Probe], Probe]] = {
    "class": lambda asked: replace(asked, class_name="Other"),
    "module": lambda asked: replace(asked, module="pack.layers"),
    "root": lambda asked: replace(asked, root=str(Path(asked.root).parent)),
    "search": lambda asked: replace(asked, search=("/elsewhere",)),
    "generation": lambda asked: replace(asked, generation=Generation.KERAS2),
    "backend": lambda asked: replace(asked, backend="jax"),
    "device": lambda asked: replace(asked, device="auto"),
    "everything": lambda asked: replace(asked, everything=True),
    "no recipe": lambda asked: replace(asked, recipe=None),
    "recipe": lambda asked: replace(asked, recipe=Recipe(arguments="units=3")),
    "no calls": lambda asked: replace(asked, calls=()),
    "call": lambda asked: replace(asked, calls=(replace(asked.calls[0], arguments="units=4"),)),
    "inputs of a call": lambda asked: replace(asked, calls=(replace(asked.calls[0], inputs="float32[2,4]"),)),
    "file of a call": lambda asked: replace(asked, calls=(replace(asked.calls[0], place="tests/test_other.py:4"),)),
    "no claims": lambda asked: replace(asked, claims=()),
    "rule": lambda asked: replace(asked, claims=(claim_of("KLL102", 6),)),
    "place of a claim": lambda asked: replace(asked, claims=(replace(asked.claims[0], line=5),)),
    "column of a claim": lambda asked: replace(asked, claims=(replace(asked.claims[0], column=10),)),
    "severity": lambda asked: replace(asked, claims=(replace(asked.claims[0], severity="note"),)),
    "expectation": lambda asked: replace(
        asked, claims=(replace(asked.claims[0], expects=expects(Effect.NOT_SAVED, attribute="other")),)
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_another_question_has_another_answer(folder: Path, asked: Probe, change: Callable[[Probe], Probe]) -> None:
    run(folder, asked)
    assert known(folder, change(asked)) is None
    assert known(folder, asked) is not None


def test_another_time_limit(folder: Path, asked: Probe) -> None:
    run(folder, asked)
    assert known(folder, asked, timeout=30.0) is None


def test_a_cluster(folder: Path, asked: Probe) -> None:
    """What it runs on is not this machine."""
    run(folder, asked)
    assert Kept(folder, [asked], 60.0, "dask://there:1").unknown == [asked]


def test_other_surroundings(folder: Path, asked: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    run(folder, asked)
    monkeypatch.setattr(kept_module, "surroundings", lambda device: {"klint": "another"})
    assert known(folder, asked) is None


def test_a_variable_that_the_code_names(folder: Path, asked: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GATE_MODE", raising=False)
    Path(asked.path).write_text(SOURCE.replace("return x", "return x if os.environ['GATE_MODE'] else 0", 1))
    run(folder, asked)
    assert known(folder, asked) is not None
    for value in ("1", "2"):
        monkeypatch.setenv("GATE_MODE", value)
        assert known(folder, asked) is None
        run(folder, asked)


@pytest.mark.parametrize(
    "changes", [{"is_repeatable": False}, {"reason": no_gpu("tensorflow"), "is_repeatable": True}], ids=str
)
def test_what_may_come_out_otherwise_is_not_kept(folder: Path, asked: Probe, changes: dict[str, Any]) -> None:
    run(folder, asked, **changes)
    assert known(folder, asked) is None


def edited(asked: Probe, before: str, after: str) -> None:
    path = Path(asked.path)
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after, 1))


def test_code_that_has_moved(folder: Path, asked: Probe) -> None:
    run(folder, asked)
    edited(asked, "import keras\n", "import keras\n\n# more\n")
    claim = asked.claims[0]
    further = replace(asked, line=6, claims=(replace(claim, line=claim.line + 2, end_line=claim.end_line + 2),))
    found = known(folder, further)
    assert found is not None
    assert (found.verdicts[0].line, found.failures[0].line) == (8, 7)
    assert found.probe == further
    assert known(folder, asked) is None  # its claims point elsewhere


def test_code_that_has_moved_under_a_text_that_names_a_line(folder: Path, asked: Probe) -> None:
    run(folder, asked, reason="line 6 fails")
    assert known(folder, asked) is not None
    edited(asked, "import keras\n", "import keras\n\n# more\n")
    claim = replace(asked.claims[0], line=8, end_line=8)
    assert known(folder, replace(asked, line=6, claims=(claim,))) is None


def test_a_call_that_has_moved(folder: Path, asked: Probe) -> None:
    run(folder, asked)
    moved = replace(asked, calls=(replace(asked.calls[0], place="tests/test_gate.py:9"),))
    assert known(folder, moved) is not None
    run(folder, replace(asked, generation=Generation.KERAS2), source="tests/test_gate.py:4")
    assert known(folder, replace(moved, generation=Generation.KERAS2)) is None


def test_files_that_were_read(folder: Path, asked: Probe, tmp_path: Path) -> None:
    data, none = tmp_path / "data.json", tmp_path / "none.json"
    data.write_text("1")
    os.utime(data, (1, 1))
    run(folder, asked, files=(asked.path, str(data), str(none)))
    assert known(folder, asked) is not None
    data.write_text("2")
    assert known(folder, asked) is None
    data.write_text("1")
    assert known(folder, asked) is not None
    none.write_text("")
    assert known(folder, asked) is None


def test_code_that_is_changed_while_it_is_run(folder: Path, asked: Probe) -> None:
    kept = Kept(folder, [asked], 60.0)
    edited(asked, "return x", "return x + 1")
    kept.with_known([outcome_of(asked)])
    edited(asked, "return x + 1", "return x")
    assert known(folder, asked) is None


def test_data_that_is_changed_while_it_is_read(folder: Path, asked: Probe, tmp_path: Path) -> None:
    kept = Kept(folder, [asked], 60.0)
    (tmp_path / "data.json").write_text("1")
    os.utime(tmp_path / "data.json", (time.time() + 5,) * 2)
    kept.with_known([replace(outcome_of(asked), files=(str(tmp_path / "data.json"),))])
    assert known(folder, asked) is None


def test_what_is_known_and_what_is_not_stay_in_order(folder: Path, asked: Probe) -> None:
    probes = [replace(asked, backend=name) for name in ("a", "b", "c", "d")]
    run(folder, probes[1])
    run(folder, probes[3])
    kept = Kept(folder, probes, 60.0)
    assert kept.unknown == [probes[0], probes[2]]
    found = kept.with_known([replace(outcome_of(each), seconds=1.0) for each in kept.unknown])
    assert [(each.probe.backend, each.seconds) for each in found] == [("a", 1.0), ("b", 0.0), ("c", 1.0), ("d", 0.0)]
    assert Kept(folder, probes, 60.0).unknown == []


def entries(value: Any) -> Iterator[Any]:
    """The entry, with another value in one place after the other."""
    match value:
        case dict():
            for key, each in value.items():
                yield {other: inner for other, inner in value.items() if other != key}
                yield from ({**value, key: inner} for inner in entries(each))
        case list():
            yield [*value, None]
            for at, each in enumerate(value):
                yield from ([*value[:at], inner, *value[at + 1 :]] for inner in entries(each))
        case _:
            yield from ([], {}, None, "x", 10**6000) if not isinstance(value, str) else ([], {}, None, 7)


@pytest.mark.slow
@pytest.mark.parametrize("step", [5, 1])
def test_an_entry_of_anything_is_no_error(step: int, folder: Path, asked: Probe) -> None:
    """It has the right checksum, and was written by whom it may."""
    run(folder, asked)
    (file,) = folder.rglob("*.json")
    whole = json.loads(file.read_bytes().partition(b"\n")[2])
    for value in [None, [], "x", 7, *list(entries(whole["value"]))[::step]]:
        try:
            body = json.dumps({"key": whole["key"], "value": value}).encode()
        except ValueError:  # more digits than Python writes
            continue
        file.write_bytes(sha256(body).hexdigest().encode() + b"\n" + body)
        found = known(folder, asked)
        assert found is None or found.probe is asked


def test_a_folder_that_cannot_be_used(asked: Probe, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = Kept(tmp_path / "file", [asked], 60.0)
    assert kept.with_known([outcome_of(asked)]) == [outcome_of(asked)]
    assert str(tmp_path / "file") in kept.trouble
