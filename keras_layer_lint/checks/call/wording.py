"""Phrases that the KLL1 messages share."""

from __future__ import annotations

from keras_layer_lint.checks.outcome import Message, Outcome, TensorMessage
from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.expectation import NOTHING, Expectation
from keras_layer_lint.target import EVERY_VERSION, Versions
from keras_layer_lint.values.events import Site
from keras_layer_lint.values.value import Origin


def through(site: Site) -> str:
    """Open a message on code that stands in another file: what is called here leads to it."""
    return "" if site.through is None else f"`{site.through}()`, called here, has "


def unconverted(site: Site) -> str:
    """Why AutoGraph does not convert the code in Keras 2."""
    if site.gives_up is not None:
        return f"AutoGraph gives up on `{site.function}` because of {site.gives_up.construct} in it"
    return "AutoGraph does not convert this function"


def instead(site: Site, help: str) -> str:  # noqa: A002
    """What to write where AutoGraph does not convert the code: without what it gives up on, or as `help` says."""
    return help if site.gives_up is None else f"{site.gives_up.advice}; or {help}"


def error(
    message: Message,
    help: str = "",  # noqa: A002
    expects: Expectation = NOTHING,
    versions: Versions = EVERY_VERSION,
) -> Outcome:
    """Describe what raises."""
    return Outcome(Severity.ERROR, message, help, expects, versions)


def warning(
    message: Message,
    help: str = "",  # noqa: A002
    expects: Expectation = NOTHING,
    versions: Versions = EVERY_VERSION,
) -> Outcome:
    """Describe what is silently wrong."""
    return Outcome(Severity.WARNING, message, help, expects, versions)


def traced_by_jax(raised: str) -> str:
    """Say what Python code does that asks a tensor for its value."""
    return f"JAX traces plain Python with tensors that have no values, so it raises {raised}"


OPEN_BATCH = "JAX builds a functional model with an open batch size"
"""Why what needs the batch size as a number fails, in `BATCH_IS_OPEN_ON_JAX`; where the model is called, it is one."""


def on_tensor(site: Site, what: str, origin: Origin) -> TensorMessage:
    """Say what is done to a tensor and why it is one: "`if` on a tensor: ... (line 3)"."""
    return TensorMessage(f"{through(site)}{what}: ", site, origin)
