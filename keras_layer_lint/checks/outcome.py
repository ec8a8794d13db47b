"""What a fault comes to under each target, and how that is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.each_generation import Said, of_each
from keras_layer_lint.expectation import NOTHING, Effect, Expectation
from keras_layer_lint.target import EVERY_VERSION, GENERATIONS, Target, Versions
from keras_layer_lint.values.events import Site
from keras_layer_lint.values.value import Origin


@dataclass(frozen=True, slots=True)
class TensorMessage:
    """A message that says why a value is a tensor: `before`, the reason with its line, `after`.

    A line costs as much as the parse, so the reason is written only when the message is: `str(message)`.
    """

    before: str
    site: Site
    origin: Origin
    after: str = ""

    def __add__(self, more: str) -> TensorMessage:
        return replace(self, after=self.after + more)

    @property
    def headline(self) -> str:
        """The message without the reason, where something beside it gives that."""
        return f"{self.before.removesuffix(': ')}{self.after}"

    def __str__(self) -> str:
        return f"{self.before}{reason(self.site, self.origin)}{self.after}"


Message = str | TensorMessage


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fault does under one target."""

    severity: Severity
    message: Message
    help: str = ""
    expects: Expectation = NOTHING
    """The same as facts, for `--confirm`."""
    versions: Versions = EVERY_VERSION
    """Those of the target's generation in which it is so. What is gone in newer ones is told of code for older ones."""
    is_elsewhere: bool = False
    """Whether it takes a use of the class that its project does not make. Those who use a library may: it is told with
    `--any-use`."""
    holds_eagerly: bool = False
    """Of a rule on what is traced: whether the fault is there, and silent, where the code runs eagerly."""


Outcomes = Mapping[Target, Outcome | None]
"""A fault under each target; None, or no entry, where it does nothing.

`Target.KERAS3_JAX` has an entry only where Keras 3 on JAX comes to another outcome than `Target.KERAS3`, or to none.
"""


def as_note(outcome: Outcome) -> Outcome:
    """What happens is the same, in a use that the project does not make."""
    facts = _as_grave(outcome.expects, outcome.severity)
    return replace(outcome, severity=Severity.NOTE, expects=facts, is_elsewhere=True)


def counted(diagnostic: Diagnostic) -> Diagnostic:
    """The same of a diagnostic."""
    facts = _as_grave(diagnostic.expectation, diagnostic.severity)
    return replace(diagnostic, severity=Severity.NOTE, expectation=facts, is_elsewhere=True)


def _as_grave(facts: Expectation, severity: Severity) -> Expectation:
    """What is expected, with what the severity said of it before it became that of a note."""
    if severity is Severity.NOTE:
        return facts
    what = Effect.RAISES if severity is Severity.ERROR else Effect.SILENT
    return replace(facts, effects=facts.effects | {what})


def told(worst: Outcome, by_keras: Mapping[str, Outcome] | None, *, headline: bool = False) -> str:
    """The message of an outcome, and what comes of it under other Keras, by that; None: it is linted for one alone.

    `headline`: as it stands above a label that says why a value is a tensor.
    """

    def of(outcome: Outcome) -> str:
        message = (
            outcome.message.headline if headline and isinstance(outcome.message, TensorMessage) else outcome.message
        )
        versions = str(outcome.versions)
        return f"{message} ({versions})" if versions else str(message)

    if by_keras is None:
        return of(worst)
    return of_each(Said(of(outcome), outcome.severity, keras) for keras, outcome in by_keras.items())


def same_everywhere(outcome: Outcome | None) -> dict[Target, Outcome | None]:
    """One outcome under all targets."""
    return dict.fromkeys(GENERATIONS, outcome)


def reason(site: Site, origin: Origin) -> str:
    """Why a value is a tensor, with the line where that shows."""
    if origin.unit is None or origin.node is None:
        return origin.text
    span = origin.unit.span(origin.node)
    if origin.unit.path == site.unit.path:
        return f"{origin.text} ({origin.unit.told_line(span.line)})"
    return f"{origin.text} ({origin.unit.path.name}:{span.line})"
