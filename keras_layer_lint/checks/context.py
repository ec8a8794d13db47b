"""What a check gets, and how it reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import libcst as cst

from keras_layer_lint.checks.outcome import Outcome, Outcomes, as_note, told
from keras_layer_lint.diagnostic import Diagnostic, Note, Severity, Span
from keras_layer_lint.expectation import Effect
from keras_layer_lint.keras.kinds import FUNCTIONS, ClassKind
from keras_layer_lint.model.backend import needs_tensorflow
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.model.makers import MadeBy
from keras_layer_lint.model.missing_call import does_nothing_yet
from keras_layer_lint.model.project_use import ProjectUse, asks_for_eager
from keras_layer_lint.model.saving import Kept
from keras_layer_lint.model.versions import allowed_of
from keras_layer_lint.rule import Rule
from keras_layer_lint.serialization.layer_serialization import Serialization
from keras_layer_lint.source.project_root import is_test_code
from keras_layer_lint.target import EVERY_VERSION, GENERATIONS, Generation, Target, Version
from keras_layer_lint.values.analysis import Analysis, analysis_of
from keras_layer_lint.values.building import Building
from keras_layer_lint.values.events import Event, Site
from keras_layer_lint.values.value import Origin

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class OtherBackends:
    """The class as it is on any backend of Keras 3, in a project that is for several."""

    why: Callable[[], str | None]
    """What says that the project is for several; None where nothing does."""
    on: Callable[[str], LayerContext | None]
    """The class with the code that exists on a backend; None where the class does not."""


class LayerContext:
    """One layer class, what is known of it, and the generations it is linted for."""

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
        self.layer = layer
        self.others = others
        self._newest = newest
        self.project_use = use
        """What its project does with layers; None where nothing is known of a project."""
        self.use = None if use is None or use.is_library else use
        """The same, where nobody else uses them."""
        self.backend = backend
        """What Keras 3 runs on."""
        self._is_test = is_test_code(path) and not tests_as_code
        self.path = path
        """As reported: relative to the working directory."""

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The generations it is linted for, in order: `KERAS2`, `KERAS3`."""
        return tuple(target for target in GENERATIONS if target.generation in self.layer.generations)

    @cached_property
    def made_by(self) -> MadeBy:
        """Who makes objects of the class in its project."""
        use = self.project_use
        return MadeBy.ANYONE if use is None else use.makers.of(self.layer.ref.module.path, self.layer.name)

    @cached_property
    def is_mixed_in(self) -> bool:
        """Whether its project has a class that derives from it and another, which may have what it only asks for."""
        return self.project_use is not None and self.project_use.is_mixed_in(self.layer.name)

    @cached_property
    def kept(self) -> Kept:
        """What its project keeps of the models that it may be part of."""
        use = self.project_use
        if use is None:
            return Kept.WHOLE
        kept = use.saving.of(self.layer.ref.module.path, self.layer.name)
        return Kept.NOTHING if kept is Kept.WHOLE and self._is_meant_for_no_file(use) else kept

    def _is_meant_for_no_file(self, use: ProjectUse) -> bool:
        """Whether nothing in its project tells that anybody saves it: no code does, and classes have no config."""
        return (
            self._is_of_known_project
            and not use.saving.is_any_saved
            and not use.saving.gives_configs(to_models=self.layer.kind is ClassKind.MODEL)
            and not self._has_written_config
        )

    @cached_property
    def _has_written_config(self) -> bool:
        """Whether it has a `get_config`, or is registered to be loaded."""
        known = self.serialization
        return known.get_config is not None or any("serializable" in decorator for decorator in known.decorators)

    @cached_property
    def needs_tensorflow(self) -> bool:
        """Whether the project requires TensorFlow and no other backend."""
        return needs_tensorflow(self.layer.ref.module, self.layer.project)

    @property
    def class_name(self) -> str | None:
        """The name of the class; None where it is a function that is looked at."""
        return None if self.layer.kind in FUNCTIONS else self.layer.name

    @property
    def unit(self) -> CodeUnit:
        """The class's own code."""
        return self.layer.unit

    @cached_property
    def analysis(self) -> Analysis:
        """What happens when the layer's methods run."""
        return analysis_of(self.layer)

    @property
    def limits(self) -> tuple[tuple[int, str], ...]:
        """The limits that the analysis reached, as (line, what); none where no check has asked for it."""
        return self.analysis.limits if "analysis" in vars(self) else ()

    @cached_property
    def building(self) -> Building:
        """What `build` makes, and what it leaves to others."""
        return Building(self.layer, self.analysis)

    @cached_property
    def serialization(self) -> Serialization:
        """What `__init__` takes and `get_config` returns."""
        return Serialization(self.layer, self.analysis)

    def traced(self, kind: type[E]) -> Iterator[E]:
        """The events of one kind in what Keras traces of the class.

        Where a project may run models eagerly, that is only what a functional model traces, too: `call`. A Model that
        switches tracing off by itself is made to be called eagerly.
        """
        for event in self.analysis.traced(kind):
            may_be_traced = event.site.phase == "call" and self.layer.is_layer and not self._switches_tracing_off
            if may_be_traced or not self.may_run_eagerly:
                yield event

    @cached_property
    def _switches_tracing_off(self) -> bool:
        if self.layer.kind is not ClassKind.MODEL or "run_functions_eagerly" not in self.layer.ref.module.text:
            return False
        entry = self.layer.ref.entry
        return asks_for_eager("".join(self.layer.ref.module.lines[entry.line - 1 : entry.end_line]))

    @cached_property
    def may_run_eagerly(self) -> bool:
        """Whether the project asks Keras to run models eagerly, or has loops of its own in place of `fit`.

        The metrics of a library are made to be called by hand, too.
        """
        use = self.project_use
        if use is None or self.is_asked_to_run_eagerly:
            return self.is_asked_to_run_eagerly
        is_for_anyone = use.is_library and self.layer.kind is ClassKind.METRIC
        return is_for_anyone or use.trains_by_itself

    @cached_property
    def is_asked_to_run_eagerly(self) -> bool:
        """Whether the project asks Keras to run models eagerly."""
        use = self.project_use
        return asks_for_eager(self.layer.ref.module.text) or (use is not None and use.runs_eagerly)

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
            is_elsewhere=self._is_of_known_project and all(outcome.is_elsewhere for outcome in held.values()),
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
        if self._has_written_config:
            return False
        if self.layer.is_called_by_itself and self.serialization.is_functional is False:
            return self.layer.kind is ClassKind.LAYER or target is Target.KERAS2
        return self.is_left_unused

    @cached_property
    def is_left_unused(self) -> bool:
        """Whether no code that runs makes objects of the class in a project that trains models."""
        return self.use is not None and self.use.leaves_unused(self.layer.ref.module.path, self.layer.name)

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
            rule.only_traced and not outcome.holds_eagerly and method == "call" and self._runs_without_graph
        )
        if (
            self._is_left_behind
            or is_traced_elsewhere
            or (rule.only_repeated and method == "call" and self._is_only_wired)
            or (is_of_saving and (self.kept is Kept.WEIGHTS or self._is_not_written_yet))
            or (_is_of_files(rule, outcome) and not self._has_written_config and self.is_left_unused)
        ):
            outcome = as_note(outcome)
        return outcome

    @cached_property
    def _is_of_known_project(self) -> bool:
        """Whether it is known which uses its project makes of it: of a file that stands alone nothing is."""
        use = self.project_use
        return use is not None and (use.is_library or use.is_marked)

    @cached_property
    def _runs_without_graph(self) -> bool:
        """Whether the project calls the class eagerly only."""
        return self.use is not None and self.use.runs_without_graph(self.layer.ref.module.path, self.layer.name)

    @cached_property
    def _is_not_written_yet(self) -> bool:
        """Whether it is a layer whose `call` does nothing yet, from which nobody derives, and without a config."""
        use, ref = self.project_use, self.layer.ref
        if use is None or self.layer.kind is not ClassKind.LAYER or self._has_written_config:
            return False
        return does_nothing_yet(self.layer.project, ref) and not use.makers.derived_from(
            ref.module.path, ref.entry.name
        )

    @cached_property
    def _is_left_behind(self) -> bool:
        """Whether its project has put its file away."""
        return self.use is not None and self.use.has_left_behind(self.layer.ref.module.path)

    @cached_property
    def _is_only_wired(self) -> bool:
        """Whether its `call` only puts a functional model together, once."""
        is_model = self.use is not None and self.layer.kind is ClassKind.MODEL
        return is_model and self.use is not None and self.use.is_only_wired(self.layer.ref.module.path, self.layer.name)

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
