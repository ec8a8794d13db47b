"""Layers run in processes of their own: this one imports no framework."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import Claim, Probe, ProbeResult
from keras_layer_lint.expectation import NOTHING, Expectation
from keras_layer_lint.registry import rules
from keras_layer_lint.target import Generation
from tests.held_zygotes import held_zygotes
from tests.rule_pages import Block

RULES = {rule.code: rule for rule in rules()}
ORACLES = {rule.code: "" if rule.confirm is None else rule.confirm.oracle for rule in rules()}


OTHERWISE_IN_KERAS_3_12 = (
    'self.add_weight("shift", (input_shape[-1],))',  # TypeError, not ValueError
    'self.add_weight("scale", (input_shape[-1],))',
)
"""What stands in examples that Keras 3.12, the last for Python 3.10, was seen to treat in another way."""


def needs_newer_keras(source: str, keras: str) -> None:
    """Skip an example of Keras 3 that speaks of what came after 3.12."""
    if keras == "3" and any(text in source for text in OTHERWISE_IN_KERAS_3_12):
        major, minor, *_ = importlib.metadata.version("keras").split(".")
        if (int(major), int(minor)) < (3, 13):
            pytest.skip("Keras 3.12, the last for Python 3.10, does otherwise")


def needs_its_keras(block: Block, keras: str) -> None:
    """Skip an example that speaks of another version than is installed."""
    version = importlib.metadata.version("keras" if keras == "3" else "tf_keras")
    if not block.is_for(version):
        pytest.skip(f"it speaks of another Keras than {version}")


def selected(request: pytest.FixtureRequest, *names: str) -> Iterator[tuple[Any, ...]]:
    """What the tests of a module that are to be run are parametrized with; those without all of `names` drop out."""
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.module is request.module and hasattr(item, "callspec"):
            given = item.callspec.params
            if all(name in given for name in names):
                yield tuple(given[name] for name in names)


def probe(
    path: Path,
    class_name: str,
    claims: Sequence[Claim] = (),
    keras: str = "3",
    everything: bool = False,
    backend: str = "tensorflow",
) -> Probe:
    return Probe(
        path=str(path),
        shown=path.name,
        root=str(path.parent),
        module=path.stem,
        class_name=class_name,
        generation=Generation(keras),
        backend=backend,
        claims=tuple(claims),
        everything=everything,
    )


def claim_of(code: str, *place: int, severity: str = "error", expects: Expectation = NOTHING) -> Claim:
    """What a rule says of a place, or of columns 9 to 20 of a line."""
    line, column, end_line, end_column = place if len(place) == 4 else (place[0], 9, place[0], 20)
    rule = RULES[code]
    assert rule.confirm is not None
    return Claim(
        code=code,
        name=rule.name,
        confirm=rule.confirm,
        severity=severity,
        expects=expects,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
    )


def claims_in(path: Path, keras: str = "3", *select: str, backend: str = "tensorflow") -> dict[str, list[Claim]]:
    """What klint finds in a file, by class."""
    found: dict[str, list[Claim]] = {}
    for diagnostic in lint_paths([path], Settings(keras=(keras,), extend_select=select, backend=backend)).diagnostics:
        span = diagnostic.span
        severity, expects = diagnostic.severity.label, diagnostic.expectation
        claim = claim_of(
            diagnostic.code, span.line, span.column, span.end_line, span.end_column, severity=severity, expects=expects
        )
        found.setdefault(diagnostic.class_name or "", []).append(claim)
    return found


def ran(
    probes: Sequence[Probe], timeout: float = 60.0, *, jobs: int = 2, alone: bool = False
) -> tuple[list[ProbeResult], Pool]:
    """Run probes, in children of processes that hold a framework for all the tests; `alone`: for these only."""
    devices = {each.device for each in probes} or {"auto"}
    assert len(devices) == 1
    zygotes = None if alone else held_zygotes(*devices)
    pool = Pool(probes, jobs=jobs, timeout=timeout, progress=lambda done, total, text: None, zygotes=zygotes)
    return pool.run(), pool
