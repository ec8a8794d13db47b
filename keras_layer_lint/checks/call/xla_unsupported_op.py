"""KLL151: an operation that XLA cannot compile."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from keras_layer_lint.checks.call.wording import through
from keras_layer_lint.checks.call.xla import SWITCH_OFF, WHEN_COMPILED, compiled_severity, is_of_another_use
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.methods import COMPILED
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.removed_api import is_removed
from keras_layer_lint.keras.xla import Lack, lack_of
from keras_layer_lint.model.class_graph import ClassRef, KnownName
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import ApiCalled, ApiNamed, LayerMade
from keras_layer_lint.values.value import PythonValue, Tensor

RULE = Rule("KLL151", "xla-unsupported-op", confirm=Confirmation("xla"))

_INSTEAD = {
    "tensorflow.print": "remove it, or look at the values in a callback",
    "keras.backend.print_tensor": "remove it, or look at the values in a callback",
    "tensorflow.linalg.det": "use `tf.linalg.logdet` where the matrix is positive definite",
    "tensorflow.math.reduce_euclidean_norm": "use `tf.norm`",
    "tensorflow.image.non_max_suppression_with_scores": "use `tf.image.non_max_suppression_padded`",
    "tensorflow.image.combined_non_max_suppression": "use `tf.image.non_max_suppression_padded` for each class",
    "tensorflow.linalg.tridiagonal_solve": "pass `partial_pivoting=False` where the matrix allows it",
}
"""What does compile, by the function it stands in for."""

_FOR_SOME_INPUTS = (
    "tensorflow.sparse.",
    "tensorflow.ragged.",
    "tensorflow.RaggedTensor.",
    "tensorflow.nn.embedding_lookup_sparse",
    "tensorflow.nn.safe_embedding_lookup_sparse",
)
"""Under a condition they serve sparse and ragged inputs, which XLA cannot be given anyway."""

_OF_STRINGS = ("tensorflow.strings.", "tensorflow.io.decode_", "tensorflow.io.parse_")
_SAYS_STRINGS = (".decode(", "to_datetime(")
"""What only code about strings mentions; `tf.string` is also what a layer for any dtype asks for."""
_MAKE_STRINGS = frozenset({"tensorflow.as_string", "tensorflow.strings.as_string", "tensorflow.strings.format"})
"""Without these, strings come as inputs, which XLA cannot be given anyway: no model that has the layer is compiled."""


_PICKS = {"keras.ops.take": "GatherV2", "tensorflow.gather": "GatherV2", "tensorflow.gather_nd": "GatherNd"}
"""Functions that XLA compiles for numbers and not for strings, with the operation that they make."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report calls in what Keras compiles, and layers made with such arguments; of notes the first of a class."""
    has_note = False
    for diagnostic in _all(layer):
        is_note = diagnostic is not None and diagnostic.severity is Severity.NOTE
        if not (is_note and has_note):
            yield diagnostic
        has_note = has_note or is_note


def _all(layer: LayerContext) -> Iterator[Diagnostic | None]:
    called = {event.name for event in layer.analysis.events(ApiCalled) if event.site.phase in COMPILED}
    if _takes_strings(layer, called) and not called & _MAKE_STRINGS:
        return
    for event in layer.analysis.events(ApiCalled):
        if event.site.phase not in COMPILED or (event.site.conditional and event.name.startswith(_FOR_SOME_INPUTS)):
            continue
        if lack := lack_of(event.name, partial(_constant, event)) or _lack_for_text(event):
            yield _report(layer, event, event.name, lack)
    for made in layer.analysis.events(LayerMade):
        if isinstance(made.of, str) and (lack := lack_of(made.of, partial(_constant, made))):
            yield _report(layer, made, made.of, lack)


def _constant(event: ApiCalled | LayerMade, position: int, keyword: str) -> object:
    given = event.argument(position, keyword)
    return given.constant if isinstance(given, PythonValue) else None


def _lack_for_text(event: ApiCalled) -> Lack | None:
    """What XLA lacks where the function picks from a table of strings."""
    kernel, table = _PICKS.get(event.name), event.argument(0, "params", "x")
    is_text = isinstance(table, Tensor) and table.dtype == "string"
    return Lack((kernel,)) if kernel is not None and is_text else None


def _takes_strings(layer: LayerContext, called: set[str]) -> bool:
    """Whether what comes in is text: functions of strings get it, or the code says so."""
    if any(name.startswith(_OF_STRINGS) for name in called):
        return True
    classes = [base for base in layer.layer.mro if isinstance(base, ClassRef)]
    texts = ("".join(ref.module.lines[ref.entry.line - 1 : ref.entry.end_line]) for ref in classes)
    return any(word in text for text in texts for word in _SAYS_STRINGS)


def _report(layer: LayerContext, event: ApiCalled | LayerMade, name: str, lack: Lack) -> Diagnostic | None:
    effects = [Effect.IN_GRADIENT] if lack.in_gradient else []
    expected = expects(*effects, operations=tuple(lack.operations))
    outcomes: dict[Target, Outcome | None] = {}
    for target in layer.targets:
        if (severity := compiled_severity(layer, target)) is not None:
            instead = _instead(name, lack)
            help = f"{instead}; or {SWITCH_OFF[target]}" if instead else SWITCH_OFF[target]  # noqa: A001
            outcomes[target] = Outcome(
                severity,
                _message(event, name, lack, target),
                help,
                expected,
                is_elsewhere=is_of_another_use(layer, severity),
            )
    outcomes[Target.KERAS3_JAX] = None  # its operations are others
    if name in _gone(layer):
        outcomes[Target.KERAS3] = None  # there it is no more, which another rule speaks of
    return layer.at_site(RULE, event.site, outcomes)


def _gone(layer: LayerContext) -> set[str]:
    """The functions that the code names and Keras 3 no longer has, by canonical name."""
    resolve = layer.layer.project.resolve
    named = [(event.site.code, event.written) for event in layer.analysis.events(ApiNamed)]
    found = [resolve(unit.module, written, scope=unit.scope) for unit, written in named]
    return {canonical(one.name) for one in found if isinstance(one, KnownName) and is_removed(one.name)}


def _message(event: ApiCalled | LayerMade, name: str, lack: Lack, target: Target) -> str:
    module, _, last = name.rpartition(".")
    shown = f"{last}(..., {lack.argument})" if lack.argument else last
    root = module.partition(".")[0]
    if module.startswith("keras.layers"):
        shown = shown if lack.argument else f"{shown}()"
    elif module not in ("tensorflow", "keras"):
        shown = f"{module.replace('tensorflow', 'tf', 1) if root == 'tensorflow' else module}.{shown}"
    else:
        shown = f"{'tf' if root == 'tensorflow' else root}.{shown}"
    what = f"the gradient of `{shown}`" if lack.in_gradient else f"`{shown}`"
    why = f" (no kernel for {', '.join(lack.operations)})" if lack.operations else ""
    fails = "training fails" if lack.in_gradient else "the layer fails"
    fails = f"where that runs, {fails}" if event.site.optional else fails
    return f"{through(event.site)}{what}: XLA cannot compile it{why}, so {fails} {WHEN_COMPILED[target]}"


def _instead(name: str, lack: Lack) -> str:
    if name in _INSTEAD:
        return _INSTEAD[name]
    if name.startswith("tensorflow.math.segment_"):
        return f"use `tf.math.unsorted_{name.rpartition('.')[2]}` with `num_segments`"
    if lack.argument.startswith(("method=", "interpolation=")):
        return 'use "bilinear" or "nearest"'
    if lack.argument == "antialias=True":
        return "leave `antialias` off"
    return ""
