"""KLL115: `keras.random` draws without a seed of the layer's own."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, through, warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, Expectation, expects
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.model import syntax
from keras_layer_lint.model.patterns import calls_method
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.value import PythonValue, Value

RULE = Rule("KLL115", "unseeded-random", confirm=Confirmation("graph", raises_eagerly=True))
KINDS = TRACED_KINDS

_SEED_AT = {
    "beta": 4,
    "binomial": 4,
    "categorical": 3,
    "dropout": 3,
    "gamma": 3,
    "normal": 4,
    "randint": 4,
    "shuffle": 2,
    "truncated_normal": 4,
    "uniform": 4,
}
"""Functions of `keras.random`, with the position of their `seed`."""
_PREDICTS = ("predict", "predict_on_batch")
"""Methods of a model that nothing that is traced may call."""
_HELP = "make `self.seed_generator = keras.random.SeedGenerator(seed)` in `__init__`, and pass it as `seed`"


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report draws and generators."""
    for event in layer.traced(ApiCalled):
        module, _, last = event.name.rpartition(".")
        if not module.startswith("keras.random") or calls_method(event.site.unit.node, _PREDICTS):
            continue
        outcome: Outcome | None = None
        on_jax: Outcome | None = None
        if event.name == "keras.random.SeedGenerator":
            if not event.site.guarded and not event.site.conditional:
                outcome = error(
                    f"{through(event.site)}`{event.written}` makes a variable in `{event.site.phase}`: the graph of "
                    "`fit` may make variables only once: ValueError",
                    _HELP,
                )
                on_jax = warning(
                    f"{through(event.site)}`{event.written}` anew in each trace of `call`: on JAX it draws the "
                    "same numbers for every batch",
                    _HELP,
                    expects(Effect.SAME_NUMBERS),
                )
        elif module == "keras.random" and last in _SEED_AT:
            default = _given_to_layer(layer, event.argument(_SEED_AT[last], "seed"))
            outcome = _of_draw(event, last, default, on_tensorflow=layer.needs_tensorflow)
            on_jax = _of_draw(event, last, default, refuses=True)
        if event.site.phase != "call" or not layer.layer.is_layer:
            on_jax = None  # that was not run
        if layer.backend == "torch" and outcome is not None and not outcome.expects.effects:
            outcome = None  # nothing is traced, and a draw from the seeds of the program is anew each time
        if outcome is not None:
            yield layer.at_site(RULE, event.site, {Target.KERAS3: outcome, Target.KERAS3_JAX: on_jax})


def _given_to_layer(layer: LayerContext, seed: Value | None) -> object:
    """The default of the argument of `__init__` that a seed is, where that is None or a number; else `...`.

    It may be a generator where an annotation says so.
    """
    name = seed.parameter if isinstance(seed, PythonValue) and seed.constant is ... else None
    init = layer.layer.method("__init__")
    if name is None or init is None or "SeedGenerator" in syntax.source(init.node.params):
        return ...
    default = init.default_of(name)
    return default if default is None or type(default) is int else ...


def _of_draw(
    event: ApiCalled, function: str, default: object, *, refuses: bool = False, on_tensorflow: bool = False
) -> Outcome | None:
    if not event.arguments.are_complete:
        return None
    what = f"{through(event.site)}`{event.written}`"
    seed = event.argument(_SEED_AT[function], "seed")
    if default is None or isinstance(default, int):
        given = f"{what} gets what `__init__` is given as seed"
        if default is None and refuses:
            return error(f"{given}: without one, Keras refuses to draw while JAX traces: ValueError", _HELP)
        if default is None:
            return warning(
                f"{given}: without one it draws from the seeds of the whole program, which no saved model holds, and "
                "with a number the same for every batch",
                _HELP,
            )
        return warning(
            f"{given}, by default {default}: it draws the same numbers for every batch", _HELP, _same(default)
        )
    if seed is None or (isinstance(seed, PythonValue) and seed.is_none):
        if refuses:
            return error(f"{what} has no seed: while JAX traces, Keras refuses to draw without one: ValueError", _HELP)
        of_all = f"{what} has no seed: it draws from the seeds of the whole program, which"
        if on_tensorflow:
            return Outcome(Severity.NOTE, f"{of_all} no saved model holds", _HELP)
        refused = "the JAX backend refuses while tracing (ValueError) and no saved model holds"
        return warning(f"{of_all} {refused}", _HELP)
    if isinstance(seed, PythonValue) and isinstance(seed.constant, int):
        same = "it draws the same numbers for every batch"
        return warning(f"{what} has the seed {seed.constant}: {same}", _HELP, _same(seed.constant))
    return None


def _same(seed: int) -> Expectation:
    return expects(Effect.SAME_NUMBERS, seed=int(seed))
