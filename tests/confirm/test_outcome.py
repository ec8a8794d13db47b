"""Whatever keeps a finding from being decided, its verdict says why and what would help."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

import pytest

from keras_layer_lint.confirm.messages import (
    Aborted,
    ChildMessage,
    ClaimDecided,
    ClassLoaded,
    OracleStarted,
    PlanChosen,
    SandboxSet,
    ZygoteReady,
)
from keras_layer_lint.confirm.planning.inputs import parse
from keras_layer_lint.confirm.probe_run import ProbeRun
from keras_layer_lint.diagnostic import Verdict
from keras_layer_lint.report.full import verdict_lines
from tests.confirm.conftest import claim_of, probe, ran
from tests.conftest import ROOT
from tests.frameworks import needs

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CLAIM = claim_of("KLL111", 7)
LOADED = ClassLoaded()
PLAN = PlanChosen(arguments="mode='sum'", inputs="[float32[5,8], int32[5]]", source="repair")
AT = OracleStarted(oracle="graph", claims=(0,))
READY = ZygoteReady(keras="3.15.1", backend="tensorflow 2.21.0", lacking=(), seconds=1.0)


class Ended(TypedDict, total=False):
    code: int
    killed: str
    stderr: str


def undecided(messages: list[ChildMessage], code: int = -9, killed: str = "clock", stderr: str = "") -> Verdict:
    run = ProbeRun(probe(Path("/project/gates.py"), "Gate", [CLAIM]), 60)
    run.begin(READY)
    for message in messages:
        run.take(message)
    while run.end(code, killed, stderr):
        run.begin(READY)
    (verdict,) = run.result().verdicts
    assert verdict.status == "inconclusive"
    assert verdict.evidence
    return verdict


@pytest.mark.parametrize(
    ("messages", "ended"),
    [
        ([], {}),
        ([], {"code": 3, "killed": ""}),
        ([], {"code": -11, "killed": "", "stderr": "Fatal Python error: Segmentation fault"}),
        ([Aborted(reason="it ran out of the memory it may use")], {"code": 0, "killed": ""}),
    ],
)
def test_before_the_class_is_there_no_recipe_is_offered(messages: list[ChildMessage], ended: Ended) -> None:
    verdict = undecided(messages, **ended)
    assert not verdict.helps_by_recipe
    assert verdict_lines(verdict, color=False)[-2:] == ["  what helps:", f"  {verdict.help}"]


@pytest.mark.parametrize(
    ("messages", "arguments", "inputs"),
    [([LOADED], "", "float32[5,8]"), ([LOADED, PLAN, AT], PLAN.arguments, PLAN.inputs)],
)
@pytest.mark.parametrize("ended", [{}, {"code": 3, "killed": ""}, {"code": 0, "killed": "it flooded the pipe"}])
def test_afterwards_a_recipe_is_ready_to_paste(
    messages: list[ChildMessage], arguments: str, inputs: str, ended: Ended
) -> None:
    verdict = undecided(messages, **ended)
    first, last = verdict_lines(verdict, color=False)[-2:]
    assert first == "  put into [tool.klint.recipes], completed:"
    assert tomllib.loads(last) == {"gates.Gate": {"arguments": arguments, "inputs": inputs}}
    assert str(parse(inputs)) == inputs


def test_what_is_not_decided_by_an_oracle_gets_the_plan_as_a_recipe() -> None:
    verdict = ClaimDecided(claim=0, status="inconclusive", evidence="not reached", line=None, seconds=0.1)
    told = undecided([LOADED, PLAN, AT, verdict], 0, "")
    assert told.evidence == "not reached"
    assert "mode='sum'" in tomllib.loads(told.help)["gates.Gate"]["arguments"]


def test_given_up() -> None:
    for reason, helps in (("interrupted", "run it again"), ("no such framework", "")):
        run = ProbeRun(probe(Path("/project/gates.py"), "Gate", [CLAIM]), 60)
        run.give_up(reason, helps)
        (verdict,) = run.result().verdicts
        assert (verdict.status, verdict.evidence) == ("inconclusive", reason)
        assert verdict.help
        assert run.result().to_json()["help"]


def test_what_the_child_could_not_limit_is_part_of_the_result() -> None:
    """As is what the process that all children come from could not."""
    run = ProbeRun(probe(Path("/project/gates.py"), "Gate", [CLAIM]), 60)
    run.begin(replace(READY, lacking=("outliving klint",)))
    run.take(SandboxSet(lacking=("writing files elsewhere", "outliving klint")))
    run.end(0, "", "")
    assert run.result().lacking == ("outliving klint", "writing files elsewhere")
    assert run.result().to_json()["lacking"] == run.result().lacking


def test_a_verdict_on_no_claim_is_an_error() -> None:
    verdict = ClaimDecided(claim=1, status="refuted", evidence="", line=None, seconds=0.1)
    assert undecided([LOADED, PLAN, verdict], 0, "").evidence == "it reported a verdict on claim 1, of 1"


BROKEN = """\
import keras
{first}


class Gate(keras.layers.Layer):
    def __init__(self, secret):
        super().__init__()
        assert secret.encode().hex() == "6f70656e20736573616d65"

    def call(self, inputs):
        return inputs


def local():
    class Inner(keras.layers.Layer):
        pass


Count = 3
"""


CASES = {
    "not_there": ("from .no_such_module import x", "Gate", "make `import not_there` work"),
    "leaves": ("raise SystemExit", "Gate", "__main__"),
    "within": ("", "local.<locals>.Inner", "define it in its module"),
    "number": ("", "Count", "let the name of the class mean the class"),
    "secret": ("", "Gate", '"secret.Gate" = { arguments = '),
}


NO_FILTER = """\
from keras_layer_lint.confirm import sandbox


def refuses():
    raise OSError("no such system call")


sandbox.forbid_calls = refuses
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are those of Linux")
def test_a_limit_that_a_child_cannot_set_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs("3")
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / "sitecustomize.py").write_text(NO_FILTER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'system'}{os.pathsep}{ROOT}")
    path = tmp_path / "plain.py"
    path.write_text("import keras\n\n\nclass Gate(keras.layers.Layer):\n    pass\n", encoding="utf-8")
    (result,), pool = ran([probe(path, "Gate", [CLAIM])], alone=True)
    assert "reaching the network" in result.lacking
    assert set(result.lacking) == set(pool.lacking)


def test_with_keras(tmp_path: Path) -> None:
    needs("3")
    probes = []
    for module, (first, name, _) in CASES.items():
        path = tmp_path / f"{module}.py"
        path.write_text(BROKEN.format(first=first), encoding="utf-8")
        probes.append(probe(path, name, [CLAIM]))
    results, _ = ran(probes)
    for result, (_, _, helps) in zip(results, CASES.values(), strict=True):
        (verdict,) = result.verdicts
        assert verdict.status == "inconclusive"
        assert verdict.evidence
        assert helps in verdict.help
