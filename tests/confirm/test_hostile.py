"""Code that does harm: it gets a verdict or a reason, its neighbours get theirs, and nothing is left behind."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import ProbeResult
from tests.confirm.conftest import claims_in, probe, ran
from tests.confirm.hostile_cases import (
    AT_IMPORT,
    CONFIRMED,
    HOME,
    IN_CALL,
    LAYER,
    MARK,
    NEIGHBOUR,
    REASONS,
)
from tests.frameworks import needs

TIMEOUT = 20.0


@dataclass(frozen=True)
class Outcome:
    results: dict[str, ProbeResult]
    neighbours: list[ProbeResult]
    pool: Pool
    folder: Path
    before: dict[str, bytes]
    temporary: set[Path]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    needs("3")
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "neighbour.py").write_text(NEIGHBOUR, encoding="utf-8")
    for name, call in IN_CALL.items():
        (folder / f"{name}.py").write_text(LAYER.format(module="", call=call), encoding="utf-8")
    for name, module in AT_IMPORT.items():
        (folder / f"{name}.py").write_text(LAYER.format(module=module, call="pass"), encoding="utf-8")
    neighbour = probe(folder / "neighbour.py", "Neighbour", claims_in(folder / "neighbour.py")["Neighbour"])
    probes = [neighbour]
    for name in (*IN_CALL, *AT_IMPORT):
        claims = [claim for claim in claims_in(folder / f"{name}.py")["Gate"] if claim.code == "KLL111"]
        probes += [probe(folder / f"{name}.py", "Gate", claims)]
    probes += [neighbour]
    before = files(folder)
    temporary = set(Path(tempfile.gettempdir()).iterdir())
    results, pool = ran(probes, TIMEOUT, alone=True)  # its folder has to be gone
    named = {result.probe.module: result for result in results[1:-1]}
    return Outcome(named, [results[0], results[-1]], pool, folder, before, temporary)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", REASONS)
def test_says_why_it_cannot_decide(outcome: Outcome, name: str) -> None:
    verdict = outcome.results[name].verdicts[0]
    assert verdict.status == "inconclusive", verdict
    assert REASONS[name] in verdict.evidence
    assert verdict.help


@pytest.mark.parametrize("name", sorted(CONFIRMED))
def test_still_confirms(outcome: Outcome, name: str) -> None:
    verdict = outcome.results[name].verdicts[0]
    assert verdict.status == "confirmed", verdict
    assert "NotImplementedError: Cannot convert a symbolic tf.Tensor" in verdict.evidence


@pytest.mark.parametrize("name", sorted({*IN_CALL, *AT_IMPORT} - REASONS.keys() - CONFIRMED - {"loops"}))
def test_is_not_believed(outcome: Outcome, name: str) -> None:
    assert outcome.results[name].verdicts[0].status == "inconclusive"
    assert outcome.results[name].verdicts[0].evidence
    assert outcome.results[name].verdicts[0].help


def test_a_loop_is_interrupted_in_time_to_confirm_what_stands_before_it(outcome: Outcome) -> None:
    verdict = outcome.results["loops"].verdicts[0]
    if "of processor time" not in verdict.evidence:  # on a slow machine
        assert verdict.status == "confirmed", verdict


def test_neighbours_are_the_same(outcome: Outcome) -> None:
    first, last = (result.verdicts[0] for result in outcome.neighbours)
    assert first.status == "confirmed"
    assert (first.evidence, first.line, first.arguments) == (last.evidence, last.line, last.arguments)


def test_no_file_is_left(outcome: Outcome) -> None:
    if outcome.pool.lacking:
        pytest.skip(f"not stopped here: {outcome.pool.lacking}")
    assert files(outcome.folder) == outcome.before
    assert not (HOME / MARK).exists()
    left = set(Path(tempfile.gettempdir()).iterdir()) - outcome.temporary
    assert Path(outcome.pool.folder) not in left


def test_no_process_is_left(outcome: Outcome) -> None:
    assert not [process for process in Path("/proc").glob("[0-9]*") if outcome.pool.folder in folder_of(process)]


def folder_of(process: Path) -> str:
    try:
        return str((process / "cwd").readlink())
    except OSError:  # gone, or a kernel thread
        return ""
