"""What a check gets, and how it reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import libcst as cst

from keras_layer_lint.checks.class_facts import ClassFacts
from keras_layer_lint.checks.outcome import Outcome, Outcomes, as_note, told
from keras_layer_lint.diagnostic import Diagnostic, Note, Severity, Span
from keras_layer_lint.expectation import Effect
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.model.project_use import ProjectUse
from keras_layer_lint.model.saving import Kept
from keras_layer_lint.model.versions import allowed_of
from keras_layer_lint.rule import Rule
from keras_layer_lint.source.project_root import is_test_code
from keras_layer_lint.target import EVERY_VERSION, Generation, Target, Version
from keras_layer_lint.values.events import Site
from keras_layer_lint.values.value import Origin


@dataclass(frozen=True, slots=True)
class OtherBackends:
    """The class as it is on any backend of Keras 3, in a project that is for several."""

    why: Callable[[], str | None]
    """What says that the project is for several; None where nothing does."""
    on: Callable[[str], LayerContext | None]
    """The class with the code that exists on a backend; None where the class does not."""


class LayerContext(ClassFacts):
    """One layer class, the generations it is linted for, and what a fault comes to there."""

    def __init__(
        self,
        layer: LayerClass,
        path: str,
        backend: str = "tensorflow",
        use: ProjectUse | None = None,
        newest: Callable[[Generation], Version | None] = lambda generation: None,
        others: OtherBackends | None = None,
        *,
        tests_as_code: bool = False,
    ) -> None:
        super().__init__(layer, backend, use)
        self.others = others
        self._newest = newest
        self._is_test = is_test_code(path) and not tests_as_code
        self.path = path
        """As reported: relative to the working directory."""

    def diagnose(
        self,
        rule: Rule,
        span: Callable[[], Span],
        outcomes: Outcomes,
        *,
        method: str | None = None,
        notes: Callable[[], tuple[Note, ...]] | None = None,
    ) -> Diagnostic | None:
        """A diagnostic of the worst outcome among the targets, None where it holds for none of them.

        Positions cost as much as the parse: `span`, `notes` and the message are asked only for what is reported.
        """
        held = {
            target: used
            for generation in self.targets
            if (found := outcomes.get(target := self._on_backend(generation, outcomes))) is not None
            and self._is_in_version(found, target.generation)
            and not (_is_of_saving(rule) and self._is_never_asked(target))
            and not (self._runs_as_it_stands(target) and _is_of_tracing(rule))
            and (used := self._in_use(rule, self._at_its_time(found, target), method)) is not None
        }
        if not held:
            return None
        worst = max(held.values(), key=lambda outcome: outcome.severity)
        labels = () if notes is None else notes()
        by_place = {target.value: outcome for target, outcome in held.items()} if len(self.targets) > 1 else None
        return Diagnostic(
            code=rule.code,
            name=rule.name,
            severity=worst.severity,
            message=told(worst, by_place),
            headline=told(worst, by_place, headline=True) if labels else "",
            help=worst.help,
            is_elsewhere=self.is_of_known_project and all(outcome.is_elsewhere for outcome in held.values()),
            expectation=worst.expects,
            path=self.path,
            span=span(),
            class_name=self.class_name,
            method=method,
            keras=tuple(target.generation.value for target in held),
            notes=labels,
        )

    def _runs_as_it_stands(self, target: Target) -> bool:
        """Whether nothing is traced and compiled: Keras 3 on PyTorch."""
        return target is Target.KERAS3 and self.backend == "torch"

    def _is_never_asked(self, target: Target) -> bool:
        """Whether nobody asks the class for its config. Who registers it or gave it a `get_config` meant that.

        A model with a `save` of its own saves what that hands on. What a layer with a `__call__` of its own does is no
        node of a functional model, and Keras 2 saves no model that it did not call. What is made nowhere in a project
        that trains is saved nowhere.
        """
        if self.layer.saves_others:
            return True
        if self.has_written_config:
            return False
        if self.layer.is_called_by_itself and self.serialization.is_functional is False:
            return self.layer.kind is ClassKind.LAYER or target is Target.KERAS2
        return self.is_left_unused

    def _is_in_version(self, outcome: Outcome, generation: Generation) -> bool:
        """Whether an outcome holds in the versions that the layer is linted for; the newest of them decides.

        What came with a version is in any newer one. What went with one is told where it is known that no newer one is
        used: else it would be told to everybody.
        """
        return outcome.versions == EVERY_VERSION or outcome.versions.has(self._newest(generation))

    def _at_its_time(self, outcome: Outcome, target: Target) -> Outcome:
        """What a fault that came with some version of Keras 2 comes to in a project that does not tell its own.

        Keras 2 has no new releases: code for it was written with one that it has run on ever since.
        """
        came_later = target is Target.KERAS2 and outcome.versions.ranges[0][0] is not None
        if not came_later or self.use is None or not self.use.is_marked:
            return outcome
        ref, generation = self.layer.ref, target.generation
        if self._newest(generation) is not None or allowed_of(ref.module, generation, self.layer.project).why:
            return outcome
        return as_note(outcome)

    def _in_use(self, rule: Rule, outcome: Outcome, method: str | None) -> Outcome | None:
        """What a fault comes to where the code is used; None where that is never asked for.

        What only tests use is not saved, and runs before their eyes, nor is what nobody makes. Where only weights are
        kept, no config is asked for. Where a project traces nothing, what only tracing shows is for whoever will; so is
        what goes wrong the second time where it runs `call` once, and anything in a file that it has put away.
        """
        is_of_saving = _is_of_saving(rule)
        if self._is_test and (is_of_saving or outcome.severity < Severity.ERROR):
            return None
        is_traced_elsewhere = (
            rule.only_traced and not outcome.holds_eagerly and method == "call" and self.runs_without_graph
        )
        if (
            self.is_left_behind
            or is_traced_elsewhere
            or (rule.only_repeated and method == "call" and self.is_only_wired)
            or (is_of_saving and (self.kept is Kept.WEIGHTS or self.is_not_written_yet))
            or (_is_of_files(rule, outcome) and not self.has_written_config and self.is_left_unused)
        ):
            outcome = as_note(outcome)
        return outcome

    def _on_backend(self, target: Target, outcomes: Outcomes) -> Target:
        """The target whose outcome holds for a generation: Keras 3 on JAX, where it has one of its own."""
        on_jax = target is Target.KERAS3 and self.backend == "jax" and Target.KERAS3_JAX in outcomes
        return Target.KERAS3_JAX if on_jax else target

    def at_site(
        self,
        rule: Rule,
        site: Site,
        outcomes: Outcomes,
        *,
        node: cst.CSTNode | None = None,
        origin: Origin | None = None,
    ) -> Diagnostic | None:
        """As `diagnose`, at an event; `node` is the part of it to point at where that stands in the same code."""
        at = site.node if node is None or site.through is not None else node
        if rule.only_traced and site.phase == "call":
            if self.layer.is_called_by_itself:
                return None  # nothing of Keras traces such a `call`
            if self.analysis.is_dynamic:
                outcomes = {**outcomes, Target.KERAS2: None}  # which runs such a `call` eagerly
        if origin is not None and origin.is_number:
            outcomes = {target: outcome for target, outcome in outcomes.items() if target in site.autograph}

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
        )

    def at_definition(
        self, rule: Rule, unit: CodeUnit, node: cst.FunctionDef | cst.ClassDef, outcomes: Outcomes
    ) -> Diagnostic | None:
        """As `diagnose`, at the first line of a definition."""
        name = node.name.value
        return self.diagnose(
            rule,
            lambda: unit.slice.header_span(node),
            outcomes,
            method=None if isinstance(node, cst.ClassDef) else name,
        )


def _is_of_saving(rule: Rule) -> bool:
    """Whether a rule speaks of the config."""
    return rule.code.startswith("KLL3")


def _is_of_files(rule: Rule, outcome: Outcome) -> bool:
    """Whether a fault is one of what is saved and loaded."""
    is_reloaded = rule.confirm is not None and rule.confirm.oracle == "reload"
    return _is_of_saving(rule) or is_reloaded or outcome.expects.effects == {Effect.NOT_SAVED}


def _is_of_tracing(rule: Rule) -> bool:
    """Whether a rule speaks of what only tracing or XLA shows."""
    return rule.only_traced or (rule.confirm is not None and rule.confirm.oracle == "xla")
