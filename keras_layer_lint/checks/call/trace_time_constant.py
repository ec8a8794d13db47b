"""KLL114: `call` asks Python for a random number, the time or the environment, which tracing freezes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from keras_layer_lint.checks.call.wording import through, warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import GENERATIONS, Target
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.value import PythonValue

RULE = Rule("KLL114", "trace-time-constant", confirm=Confirmation("purity"), only_traced=True)
KINDS = TRACED_KINDS

_RANDOM = {
    Target.KERAS2: "use `tf.random.*`, which draws anew in every step",
    Target.KERAS3: "use `keras.random.*` with a `keras.random.SeedGenerator` made in `__init__`",
}
_TIME_ON_JAX = "measure around the model"
_TIME = dict.fromkeys(GENERATIONS, "measure around the model, or use `tf.timestamp()` (XLA does not compile it)")
_ENVIRONMENT = dict.fromkeys(GENERATIONS, "read it in `__init__` and keep it on self")

_NOT_DRAWN = frozenset(
    """
    BitGenerator Generator MT19937 PCG64 Philox Random SFC64 SeedSequence SystemRandom get_bit_generator get_state
    getstate seed set_bit_generator set_state setstate
    """.split()
)
"""Functions of the random modules that give no random value."""
_SEEDED = frozenset({"numpy.random.default_rng", "numpy.random.RandomState"})
"""Generators: with a seed they say the same each time, which is what was asked for."""
_DRAWING = frozenset({"os.urandom", "uuid.uuid1", "uuid.uuid4"})
_CLOCKS = frozenset(
    f"time.{name}{suffix}" for name in ("time", "monotonic", "perf_counter", "process_time") for suffix in ("", "_ns")
) | {"datetime.date.today", "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow"}
_CLOCKS_WITHOUT_ARGUMENT = frozenset({"time.ctime", "time.gmtime", "time.localtime"})
_SETTINGS = frozenset({"os.environ.get", "os.environ.__getitem__", "os.getenv"})

_OF_THE_PROCESS = ("KERAS_", "TF_", "XLA_", "CUDA_", "JAX_")
"""Variables that begin so are read once, when the framework is imported."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report values that every batch then shares."""
    for event in layer.traced(ApiCalled):
        found = _what(event)
        if found is None or (event.name.startswith("uuid.") and event.becomes_text):
            continue
        effect, helps = found
        message = f"{through(event.site)}`{event.written}` runs while `call` is traced, not with every batch: {effect}"
        is_setting = helps is _ENVIRONMENT and not _is_set(layer, event)
        severity = Severity.NOTE if is_setting else Severity.WARNING
        outcomes: dict[Target, Outcome | None] = {
            target: Outcome(severity, message, helps[target], is_elsewhere=is_setting) for target in GENERATIONS
        }
        if helps is _TIME:
            outcomes[Target.KERAS3_JAX] = warning(message, _TIME_ON_JAX)
        yield layer.at_site(RULE, event.site, outcomes)


def _is_set(layer: LayerContext, event: ApiCalled) -> bool:
    """Whether the project sets the variable while it runs; what is set at the top of a module stands before."""
    key = event.argument(0, "key")
    name = key.constant if isinstance(key, PythonValue) else None
    texts = [layer.unit.module.text] if layer.project_use is None else layer.project_use.texts()
    return isinstance(name, str) and any("environ" in text and _sets(name).search(text) for text in texts)


@cache
def _sets(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"\n[ \t]+(?:os\.)?environ(?:\.setdefault\(|\[)\s*['\"]{re.escape(name)}['\"]\s*(?:,|\]\s*=(?!=))"
    )


def _what(event: ApiCalled) -> tuple[str, dict[Target, str]] | None:
    name = event.name
    module, _, last = name.rpartition(".")
    plain = not event.arguments.values()
    if name in _DRAWING or module == "secrets" or (module in ("random", "numpy.random") and last not in _NOT_DRAWN):
        if name in _SEEDED and not plain:
            return None
        return "one random value is used for all of them", _RANDOM
    if name in _CLOCKS or (name in _CLOCKS_WITHOUT_ARGUMENT and plain):
        return "the time of tracing is used for all of them", _TIME
    first = event.argument(0, "key")
    if (
        isinstance(first, PythonValue)
        and isinstance(first.constant, str)
        and first.constant.startswith(_OF_THE_PROCESS)
    ):
        return None
    if name in _SETTINGS:
        return "a later change of the variable has no effect", _ENVIRONMENT
    return None
