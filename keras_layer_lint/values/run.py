"""What all frames of the analysis of one class share, and its limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.keras.kinds import FUNCTIONS
from keras_layer_lint.keras.methods import LIFE
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.source.module_index import ClassEntry, ModuleIndex
from keras_layer_lint.values.autograph import FunctionFacts
from keras_layer_lint.values.environment import Environment
from keras_layer_lint.values.events import Event
from keras_layer_lint.values.memory import Memory
from keras_layer_lint.values.self_state import SelfState
from keras_layer_lint.values.value import Function, Value

if TYPE_CHECKING:
    from keras_layer_lint.model.layer import LayerClass
    from keras_layer_lint.values.call_events import SuperCall

MAX_DEPTH = 12
"""Calls nested deeper are not followed."""
MAX_STEPS = 300_000
"""Expressions evaluated per class before calls are no longer followed: a stop for hostile code."""
OUT_OF_STEPS = f"calls from here on: the class takes more than {MAX_STEPS:,} steps"


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """What a run knows at one point."""

    events: int
    steps: int
    attributes: Environment
    nesting: frozenset[str]
    limits: frozenset[tuple[int, str]]


@dataclass(slots=True, eq=False)
class Run:
    """What all frames of the analysis of one class share."""

    layer: LayerClass
    home: ModuleIndex
    """The module being linted: events are placed there."""
    memory: Memory
    attributes: SelfState
    events: list[Event] = field(default_factory=list)
    phase: str = ""
    steps: int = 0
    globals: dict[tuple[ModuleIndex, ClassEntry | None, str, bool], Value] = field(default_factory=dict)
    """Module-level names by module, class around the code, and whether functions are followed."""
    visited: set[int] = field(default_factory=set)
    """Identities of the function nodes that were run."""
    seen: dict[tuple[Any, ...], int] = field(default_factory=dict)
    """The key of each event, to its position."""
    base_calls: dict[int, SuperCall] = field(default_factory=dict)
    """Calls of a base's method in code of other files, by the identity of the node: facts, and not to be reported."""
    active: list[int] = field(default_factory=list)
    is_out_of_steps: bool = False
    limits: set[tuple[int, str]] = field(default_factory=set)
    """What was not analysed because a limit was reached: the line in the linted file, and what it was."""
    stored_in_call: frozenset[str] = frozenset()
    """Attributes that some code of the class binds outside `__init__` and `build`: only reads of these are recorded."""
    stored_by_build: frozenset[str] = frozenset()
    """Attributes that `build` binds, where a method of the class calls it."""
    alternatives: dict[int, tuple[Value, ...]] = field(default_factory=dict)
    """What `a if test else b` and `a or b` in `__init__` come to, by the identity of the node."""
    on_a_path: dict[str, Value] = field(default_factory=dict)
    """What attributes hold on some path through `__init__` that no config can hold."""
    none_at_first: set[str] = field(default_factory=set)
    """Attributes that `__init__` binds to None, for another method to bind."""
    one_tensor: set[str] = field(default_factory=set)
    """Arguments of `call` that are certainly used as one tensor."""
    tensor_of: Callable[[ClassRef], bool | None] = lambda ref: None
    """Whether the one tensor that the `call` of another layer of the project gives has the batch as first axis.

    None where it gives anything else, or that is not known.
    """

    @property
    def is_traced(self) -> bool:
        """Whether the method that is run is one that Keras traces."""
        return self.phase in self.layer.traced

    @property
    def is_followed(self) -> bool:
        """Whether functions that the method calls are run as well.

        What Keras does not call is run for what it does to the layer, no further.
        """
        return self.phase in LIFE or self.is_traced or self.layer.kind in FUNCTIONS

    def checkpoint(self) -> Checkpoint:
        """What is known now, to come back to."""
        attributes = self.attributes
        return Checkpoint(len(self.events), self.steps, attributes.fork(), attributes.nesting, frozenset(self.limits))

    def go_back(self, to: Checkpoint) -> None:
        """Forget what was run since."""
        del self.events[to.events :]
        self.seen = {key: position for key, position in self.seen.items() if position < to.events}
        self.steps, self.limits = to.steps, set(to.limits)
        self.attributes.resume(to.attributes)
        self.attributes.nesting = to.nesting

    def facts_of(self, function: Function) -> FunctionFacts:
        """What the text of a function says."""
        return _facts_of(function.node, function.unit)


@lru_cache(maxsize=2048)
def _facts_of(node: cst.FunctionDef | cst.Lambda, unit: CodeUnit) -> FunctionFacts:
    return FunctionFacts(node, unit)
