"""KLL131: a weight or variable is made in `call`."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, through
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import WeightAdded

RULE = Rule(
    "KLL131",
    "variable-in-call",
    confirm=Confirmation("graph", raises_eagerly=True),
    only_traced=True,
    only_repeated=True,
)
KINDS = TRACED_KINDS

_HELP = "make it in `build(self, input_shape)`, keep it on self and use it here"
_REUSED = frozenset({"tensorflow.get_variable", "tensorflow.get_local_variable"})
"""Make a variable once for each name."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report variables that every call makes anew."""
    for event in layer.traced(WeightAdded):
        if event.site.guarded or event.api in _REUSED:
            continue
        name = f"`{event.name}` " if event.name else ""
        what = f"{through(event.site)}`{event.via}(...)` makes a variable {name}in `{event.site.phase}`"
        graph = "the graph of `fit` may make variables only once: ValueError"
        if event.api == "add_weight" and event.site.phase == "__call__":
            in_3 = f"every call makes a new one, and {graph}"
        elif event.api == "add_weight":
            in_3 = "a built layer takes no new weights, so the first call raises ValueError"
        else:
            in_3 = f"it is neither trained nor saved, and {graph}"
        outcomes: dict[Target, Outcome | None] = {
            Target.KERAS2: error(f"{what}; every call makes a new one, and {graph}", _HELP),
            Target.KERAS3: None if event.api.startswith("keras.backend.") else error(f"{what}; {in_3}", _HELP),
        }
        if event.api == "keras.Variable":
            outcomes[Target.KERAS3_JAX] = error(
                f"{what}; while JAX traces, Keras makes no variables: ValueError", _HELP
            )
        yield layer.at_site(RULE, event.site, outcomes)
