"""What a check gets, and how it reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from keras_layer_lint.diagnostic import Diagnostic, Note, Severity, Span
from keras_layer_lint.expectation import NOTHING, Expectation
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.rule import Rule
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.config import Configuration
from keras_layer_lint.values.events import Site
from keras_layer_lint.values.value import Origin

BECAUSE = "\0"
"""Stands in a message for why a value is a tensor, which is worked out once the message is needed."""


JAX = "3 on JAX"
"""The target that Keras 3 on JAX is, where that comes to something else than on TensorFlow."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fault does in one Keras generation."""

    severity: Severity
    message: str
    help: str = ""
    expects: Expectation = NOTHING
    """The same as facts, for `--confirm`."""


class LayerContext:
    """One layer class, what is known of it, and the generations it is linted for."""

    def __init__(self, layer: LayerClass, path: str, backend: str = "tensorflow") -> None:
        self.layer = layer
        self.backend = backend
        """What Keras 3 runs on."""
        self.path = path
        """As reported: relative to the working directory."""

    @property
    def keras(self) -> frozenset[str]:
        """The target generations."""
        return self.layer.generations

    @property
    def unit(self) -> CodeUnit:
        """The class's own code."""
        return self.layer.unit

    @cached_property
    def analysis(self) -> Analysis:
        """What happens when the layer's methods run."""
        return Analysis(self.layer)

    @property
    def limits(self) -> tuple[tuple[int, str], ...]:
        """The limits that the analysis reached, as (line, what); none where no check has asked for it."""
        return self.analysis.limits if "analysis" in vars(self) else ()

    @cached_property
    def configuration(self) -> Configuration:
        """What `__init__` takes and `get_config` returns."""
        return Configuration(self.layer, self.analysis)

    def diagnose(
        self,
        rule: Rule,
        span: Callable[[], Span],
        outcomes: Mapping[str, Outcome | None],
        *,
        method: str | None = None,
        notes: Callable[[], tuple[Note, ...]] | None = None,
        because: Callable[[], str] | None = None,
    ) -> Diagnostic | None:
        """A diagnostic of the worst outcome among the targets, None where it holds for none of them.

        `outcomes` has the generations, and `JAX` where Keras 3 on JAX comes to another outcome than "3", or to none.
        Positions cost as much as the parse: `span`, `notes` and `because` (which stands in for `BECAUSE` in a message)
        are asked only for what is reported.
        """
        targets = {keras: self._target(keras, outcomes) for keras in sorted(self.keras)}
        held = {keras: found for keras, target in targets.items() if (found := outcomes.get(target)) is not None}
        if not held:
            return None
        worst = max(held.values(), key=lambda outcome: outcome.severity)
        message = worst.message if because is None else worst.message.replace(BECAUSE, because())
        if len(self.keras) > 1:
            which = [targets[keras] for keras, outcome in held.items() if outcome == worst]
            message += f" (Keras {' and '.join(which)})"
        return Diagnostic(
            code=rule.code,
            name=rule.name,
            severity=worst.severity,
            message=message,
            help=worst.help,
            expectation=worst.expects,
            path=self.path,
            span=span(),
            class_name=self.layer.name,
            method=method,
            keras=tuple(held),
            notes=() if notes is None else notes(),
        )

    def _target(self, keras: str, outcomes: Mapping[str, Outcome | None]) -> str:
        return JAX if keras == "3" and self.backend == "jax" and JAX in outcomes else keras

    def at_site(
        self,
        rule: Rule,
        site: Site,
        outcomes: Mapping[str, Outcome | None],
        *,
        node: cst.CSTNode | None = None,
        origin: Origin | None = None,
    ) -> Diagnostic | None:
        """As `diagnose`, at an event; `node` is the part of it to point at where that stands in the same code."""
        at = site.node if node is None or site.through is not None else node
        if origin is not None and origin.is_number:
            outcomes = {keras: outcome for keras, outcome in outcomes.items() if keras in site.autograph}

        def notes() -> tuple[Note, ...]:
            if origin is None or origin.unit is None or origin.node is None or origin.node is at:
                return ()
            if origin.unit.path != site.unit.path:
                return ()
            return (Note(origin.unit.span(origin.node), f"a tensor: {origin.text}"),)

        return self.diagnose(
            rule,
            lambda: site.unit.span(at),
            outcomes,
            method=site.phase,
            notes=notes,
            because=None if origin is None else lambda: because(site, origin),
        )

    def at_definition(
        self, rule: Rule, unit: CodeUnit, node: cst.FunctionDef | cst.ClassDef, outcomes: Mapping[str, Outcome | None]
    ) -> Diagnostic | None:
        """As `diagnose`, at the first line of a definition."""
        name = node.name.value
        return self.diagnose(
            rule,
            lambda: unit.slice.header_span(node),
            outcomes,
            method=None if isinstance(node, cst.ClassDef) else name,
        )


def because(site: Site, origin: Origin) -> str:
    """Why a value is a tensor, with the line where that shows."""
    if origin.unit is None or origin.node is None:
        return origin.text
    span = origin.unit.span(origin.node)
    if origin.unit.path == site.unit.path:
        return f"{origin.text} (line {span.line})"
    return f"{origin.text} ({origin.unit.path.name}:{span.line})"
