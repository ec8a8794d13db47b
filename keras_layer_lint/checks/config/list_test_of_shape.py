"""KLL312: `build` tells several inputs from one by whether it gets a list, which a loaded model of Keras 3 passes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model.list_tests import list_test
from keras_layer_lint.model.makers import MadeBy
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target

RULE = Rule("KLL312", "list-test-of-shape", confirm=Confirmation("reload"))
KINDS = frozenset({ClassKind.LAYER})

_OTHERS = ("build_from_config", "get_build_config", "from_config")
"""What decides how a loaded layer is built."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the first such test of the class's own `build`."""
    known, ref = layer.serialization, layer.layer.ref
    if Target.KERAS3 not in layer.targets:
        return
    if layer.made_by is not MadeBy.ANYONE and not known.is_derived_from:
        return  # only what a model holds by itself is built from what was saved
    if any(layer.layer.definition(name) is not None for name in _OTHERS) or known.is_supplied_elsewhere:
        return
    if layer.use is not None and not layer.use.saves_models:
        return
    methods = (node for node in ref.entry.node.body if isinstance(node, ast.FunctionDef))
    build = next((node for node in methods if node.name == "build"), None)
    found = None if build is None else list_test(build)
    if found is None:
        return
    message = (
        "a saved model of Keras 3 builds its layers anew: the shape of one input is a list such as `[None, 8]` there, "
        f"and `{ast.unparse(found.node)}` takes it for several shapes, so that loading raises TypeError"
    )
    helps = f"ask for what the elements are: `isinstance({found.parameter}[0], (list, tuple))`"
    outcomes = {Target.KERAS3: Outcome(Severity.ERROR, message, helps)}
    yield layer.diagnose(RULE, lambda: ref.module.span(found.node), outcomes, method="build")
