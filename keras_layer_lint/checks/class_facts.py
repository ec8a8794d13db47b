"""What is known of one class: by its own code, and by what its project does with it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from keras_layer_lint.keras.kinds import FUNCTIONS, ClassKind
from keras_layer_lint.model.backend import needs_tensorflow
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.model.makers import MadeBy
from keras_layer_lint.model.missing_call import does_nothing_yet
from keras_layer_lint.model.project_use import ProjectUse, asks_for_eager
from keras_layer_lint.model.saving import Kept
from keras_layer_lint.serialization.layer_serialization import Serialization
from keras_layer_lint.target import GENERATIONS, Target
from keras_layer_lint.values.analysis import Analysis, analysis_of
from keras_layer_lint.values.building import Building
from keras_layer_lint.values.events import Event

E = TypeVar("E", bound=Event)


class ClassFacts:
    """One class, what it runs on, and its project."""

    def __init__(self, layer: LayerClass, backend: str, use: ProjectUse | None) -> None:
        """`use` is what the project does with layers; None where nothing is known of a project."""
        self.layer = layer
        self.project_use = use
        self.use = None if use is None or use.is_library else use
        """The same, where nobody else uses them."""
        self.backend = backend
        """What Keras 3 runs on."""

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
            self.is_of_known_project
            and not use.saving.is_any_saved
            and not use.saving.gives_configs(to_models=self.layer.kind is ClassKind.MODEL)
            and not self.has_written_config
        )

    @cached_property
    def has_written_config(self) -> bool:
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

    @cached_property
    def is_left_unused(self) -> bool:
        """Whether no code that runs makes objects of the class in a project that trains models."""
        return self.use is not None and self.use.leaves_unused(self.layer.ref.module.path, self.layer.name)

    @cached_property
    def is_of_known_project(self) -> bool:
        """Whether it is known which uses its project makes of it: of a file that stands alone nothing is."""
        use = self.project_use
        return use is not None and (use.is_library or use.is_marked)

    @cached_property
    def runs_without_graph(self) -> bool:
        """Whether the project calls the class eagerly only."""
        return self.use is not None and self.use.runs_without_graph(self.layer.ref.module.path, self.layer.name)

    @cached_property
    def is_not_written_yet(self) -> bool:
        """Whether it is a layer whose `call` does nothing yet, from which nobody derives, and without a config."""
        use, ref = self.project_use, self.layer.ref
        if use is None or self.layer.kind is not ClassKind.LAYER or self.has_written_config:
            return False
        return does_nothing_yet(self.layer.project, ref) and not use.makers.derived_from(
            ref.module.path, ref.entry.name
        )

    @cached_property
    def is_left_behind(self) -> bool:
        """Whether its project has put its file away."""
        return self.use is not None and self.use.has_left_behind(self.layer.ref.module.path)

    @cached_property
    def is_only_wired(self) -> bool:
        """Whether its `call` only puts a functional model together, once."""
        is_model = self.use is not None and self.layer.kind is ClassKind.MODEL
        return is_model and self.use is not None and self.use.is_only_wired(self.layer.ref.module.path, self.layer.name)
