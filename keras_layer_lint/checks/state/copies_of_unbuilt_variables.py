"""KLL404: variables are copied before anything is built, and so is nothing."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.empty_copies import empty_copies

RULE = Rule("KLL404", "copies-of-unbuilt-variables", confirm=Confirmation("build", needs_call=False))

_HELP = "make the copies once the variables are there: at the end of a `build` that builds the layers"


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report copies of what is certainly empty; what raises is seen at once."""
    for copies, raises in empty_copies(layer.analysis):
        message = (
            f"`self.{copies.name}` is an empty list: no layer is built in `__init__`, and `{copies.listed}` holds "
            "nothing yet"
        )
        empty = warning(message, _HELP, expects(attribute=copies.name))
        outcomes: dict[Target, Outcome | None] = {Target.KERAS2: None if raises else empty, Target.KERAS3: empty}
        yield layer.diagnose(RULE, copies.span, outcomes, method="__init__")
