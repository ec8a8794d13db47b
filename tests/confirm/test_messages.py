"""Messages come back as they were sent, and what is no message of the kind is an error that says so."""

from __future__ import annotations

import ast
import json
import os
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint.confirm import messages
from keras_layer_lint.confirm.children import Child, Children
from keras_layer_lint.confirm.encoding import MalformedMessage, decode, encode
from keras_layer_lint.confirm.messages import (
    BRANCH_MESSAGES,
    CHILD_MESSAGES,
    ZYGOTE_MESSAGES,
    Aborted,
    BranchReady,
    BranchUnfit,
    CannotRun,
    ChildEnded,
    ChildReported,
    ClaimDecided,
    ClassLoaded,
    Compared,
    DeviceChosen,
    FailureSeen,
    Finished,
    FrameworkMissing,
    ImportStarted,
    Noted,
    OracleStarted,
    PlanChosen,
    PlanFailed,
    RunProbe,
    SandboxSet,
    UsesSeen,
    WayEnded,
    ZygoteReady,
)
from keras_layer_lint.confirm.probe import Comparison, FoundCall, OracleRun, Package, Recipe, UnseenFailure
from keras_layer_lint.confirm.time_allowed import TimeAllowed, Watch
from keras_layer_lint.confirm.zygotes import ZygoteProcess
from keras_layer_lint.expectation import Effect, expects
from tests.confirm.conftest import claim_of, probe
from tests.conftest import ROOT

SAYS = expects(Effect.NOT_SAVED, Effect.TRAINED, errors=("é",), arguments=("units",), attribute="x", seed=7)
CLAIM = claim_of("KLL121", 7, expects=SAYS)
TIME = TimeAllowed.of(60.0)
SCIPY = Package("scipy.stats", ("norm",))
ALL: list[Any] = [
    RunProbe(number=3, probe=probe(Path("a.py"), "Gate", [CLAIM]), time=TIME, folder="/tmp/x", packages=(SCIPY,)),
    SandboxSet(lacking=("writing files elsewhere",)),
    DeviceChosen(device="cpu", platform="Host"),
    ClassLoaded(),
    PlanChosen(arguments="units=4", inputs="float32[5,8]", source="synthesis"),
    OracleStarted(oracle="xla", claims=(0, 2), dying_means="compiling with XLA", severity="warning"),
    ClaimDecided(claim=0, status="confirmed", evidence="é", line=7, seconds=0.5, arguments="units=8"),
    ClaimDecided(claim=0, status="refuted", evidence="", line=None, seconds=1.0),
    FailureSeen(failure=UnseenFailure(oracle="graph", evidence="x", line=1)),
    WayEnded(way=OracleRun(oracle="xla", reason="x")),
    Compared(comparison=Comparison(same=("outputs",), differences=("x",))),
    Noted(note="x"),
    PlanFailed(reason="y", help="x"),
    UsesSeen(calls=(FoundCall(arguments="2", place="nets.build", is_made_up=True),)),
    CannotRun(reason="x", help="y"),
    Finished(seconds=1.0),
    Aborted(reason="x"),
    ZygoteReady(keras="3.15.1", backend="tensorflow 2.21.0", lacking=(), seconds=2.0),
    FrameworkMissing(reason="x"),
    ChildReported(number=1, report=ClassLoaded()),
    ChildReported(number=1, report=FailureSeen(failure=UnseenFailure(oracle="graph", evidence="x"))),
    ChildEnded(number=1, code=-9, killed="clock", stderr="", seconds=1.5),
    ImportStarted(package=SCIPY),
    BranchReady(names=("scipy",)),
    BranchUnfit(reason="x"),
]
KINDS: tuple[type[Any], ...] = (RunProbe, *CHILD_MESSAGES, *dict.fromkeys((*ZYGOTE_MESSAGES, *BRANCH_MESSAGES)))


@pytest.mark.parametrize("message", ALL, ids=lambda message: type(message).__name__)
def test_round_trip(message: Any) -> None:
    line = encode(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode(line, KINDS) == message


def test_a_probe_keeps_all_it_holds() -> None:
    calls = (FoundCall(arguments="2", place="test_a.py:3"),)
    full = replace(probe(Path("a.py"), "Gate", [CLAIM]), recipe=Recipe(arguments="1"), calls=calls)
    sent = RunProbe(number=0, probe=full, time=TIME, folder="")
    assert decode(encode(sent), [RunProbe]).probe == full


def test_every_kind_is_tried() -> None:
    tree = ast.parse((ROOT / "keras_layer_lint/confirm/messages.py").read_text(encoding="utf-8"))
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    assert {type(message).__name__ for message in ALL} == defined == {kind.__name__ for kind in KINDS}


DECIDED = {"kind": "ClaimDecided", "claim": 0, "status": "refuted", "evidence": "", "line": None, "seconds": 1.0}
DECIDED |= {"arguments": None, "inputs": None}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\xff", "no JSON"),
        (b"[]", "without a kind"),
        ({}, "without a kind"),
        ({"kind": "stop"}, "unknown kind 'stop'"),
        ({"kind": ["ClassLoaded"]}, "unknown kind"),
        ({"kind": "RunProbe"}, "unknown kind 'RunProbe'"),
        ({"kind": "ClassLoaded", "more": 1}, "missing or unknown: more"),
        ({"kind": "SandboxSet"}, "missing or unknown: lacking"),
        ({"kind": "SandboxSet", "lacking": "all"}, "SandboxSet.lacking"),
        ({"kind": "SandboxSet", "lacking": [1]}, "SandboxSet.lacking"),
        ({"kind": "FailureSeen", "failure": []}, "FailureSeen.failure"),
        ({**DECIDED, "status": "sure"}, "ClaimDecided.status"),
        ({**DECIDED, "claim": "0"}, "ClaimDecided.claim"),
        ({**DECIDED, "claim": True}, "ClaimDecided.claim"),
        ({**DECIDED, "line": 1.5}, "ClaimDecided.line"),
        ({**DECIDED, "seconds": "1"}, "ClaimDecided.seconds"),
    ],
)
def test_what_is_no_message_is_an_error(data: Any, why: str) -> None:
    line = data if isinstance(data, bytes) else json.dumps(data).encode()
    with pytest.raises(MalformedMessage, match=why.replace("[", r"\[")):
        decode(line, CHILD_MESSAGES)


def test_a_message_within_a_message_is_checked_too() -> None:
    inner = {"kind": "stop"}
    with pytest.raises(MalformedMessage, match="unknown kind 'stop'"):
        decode(json.dumps({"kind": "ChildReported", "number": 0, "report": inner}).encode(), ZYGOTE_MESSAGES)


def test_klint_says_that_it_does_not_understand_a_zygote() -> None:
    process = ZygoteProcess.__new__(ZygoteProcess)
    process.name, process.dead, process._received = "Keras 3", "", b""
    process.socket, other = socket.socketpair()
    with process.socket, other:
        other.sendall(b'{"kind": "news"}\n')
        assert process.receive() == []
    assert process.dead.endswith("said what klint does not understand: a message of the unknown kind 'news'")


def test_a_zygote_ends_a_child_that_it_does_not_understand(monkeypatch: pytest.MonkeyPatch) -> None:
    children = Children.__new__(Children)
    sent: list[messages.ZygoteMessage] = []
    ended: list[int] = []
    monkeypatch.setattr(children, "_send", sent.append, raising=False)
    monkeypatch.setattr(os, "killpg", lambda process, number: ended.append(process))
    monkeypatch.setattr(os, "kill", lambda process, number: ended.append(process))
    child = Child(0, 99, b"token", "", Watch(99, TIME), 0, 0)
    children._relay(child, b"x " + encode(Aborted(reason="forged")) + b"token " + encode(ClassLoaded()))
    assert sent == [ChildReported(number=0, report=ClassLoaded())]
    assert not ended
    children._relay(child, b'token {"kind": "verdict"}\n')
    assert child.killed == "it reported what klint does not understand: a message of the unknown kind 'verdict'"
    assert set(ended) == {99}
