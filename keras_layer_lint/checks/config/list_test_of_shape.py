"""KLL312: `build` tells several inputs from one by whether it gets a list, which a loaded model of Keras 3 passes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_layer_lint.checks.config.wording import listed
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import LayerClass, layer_of
from keras_layer_lint.model.list_tests import ListTest, list_test_of
from keras_layer_lint.model.makers import MadeBy
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.serialization.from_config import returns_what_is_made
from keras_layer_lint.target import Target

RULE = Rule("KLL312", "list-test-of-shape", confirm=Confirmation("reload"), is_default=False)
KINDS = frozenset({ClassKind.LAYER})

_OTHERS = ("build_from_config", "get_build_config")
"""What decides how a loaded layer is built."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the first such test of the class's `build`, where the code stands: once for all classes of a file."""
    known, ref = layer.serialization, layer.layer.ref
    if Target.KERAS3 not in layer.targets:
        return
    if layer.made_by is not MadeBy.ANYONE and not known.is_derived_from:
        return  # only what a model holds by itself is built from what was saved
    if any(layer.layer.definition(name) is not None for name in _OTHERS) or known.is_supplied_elsewhere:
        return
    if known.from_config is not None and not returns_what_is_made(known.from_config.node):
        return
    if layer.use is not None and not layer.use.saving.saves_models:
        return
    test = list_test_of(layer.layer)
    if test is None:
        return
    found, owner = test
    alike = [each for each in _derived(layer, owner) if list_test_of(each) == test]
    if owner == ref and alike and not _is_made(ref):
        return  # said of the classes that are made
    outcomes = {Target.KERAS3: _outcome(found, [each.name for each in alike if each.ref != ref])}
    if owner.module is ref.module:
        yield layer.diagnose(RULE, lambda: ref.module.span(found.node), outcomes, method="build")
    elif list_test_of(_class(layer, owner)) is None:  # else it is said of that class, in its own file
        yield layer.at_definition(RULE, layer.unit, layer.unit.node, outcomes)


def _derived(layer: LayerContext, base: ClassRef) -> list[LayerClass]:
    """The classes of a module that derive from one of it."""
    return [_class(layer, ref) for ref in layer.layer.project.subclasses_in_module(base)]


def _class(layer: LayerContext, ref: ClassRef) -> LayerClass:
    return layer_of(layer.layer.project.class_info(ref), layer.layer.code, layer.layer.generations)


def _is_made(ref: ClassRef) -> bool:
    """Whether the module makes objects of a class."""
    return re.search(rf"(?<!class )\b{ref.entry.name}\(", ref.module.text) is not None


def _outcome(found: ListTest, others: list[str]) -> Outcome:
    also = f" (also of {listed(others)})" if others else ""
    message = (
        "a saved model of Keras 3 builds its layers anew: the shape of one input is a list such as `[None, 8]` there, "
        f"and `{ast.unparse(found.node)}` takes it for several shapes{also}, so that "
    )
    helps = f"ask for what the elements are: `isinstance({found.parameter}[0], (list, tuple))`"
    if found.flag is None:
        return Outcome(Severity.ERROR, f"{message}loading raises TypeError", helps)
    told = f"loading raises, or what is loaded takes its one input apart: by `self.{found.flag.name}`"
    return Outcome(Severity.WARNING, message + told, helps)
