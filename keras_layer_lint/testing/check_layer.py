"""`check_layer`: a layer in a test of your own, run every way Keras runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from keras_layer_lint.testing.checks import chosen, run, subject_of
from keras_layer_lint.testing.isolated import in_a_process
from keras_layer_lint.testing.recipe import Recipe
from keras_layer_lint.testing.report import CheckFailure, CheckReport, CheckResult, LayerCheckError

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from keras_layer_lint.testing.expected import Expected


def check_layer(
    layer: Callable[[], Any] | Recipe,
    inputs: Any = None,
    *,
    call: Mapping[str, Any] | None = None,
    checks: Sequence[str] | None = None,
    known_failures: Mapping[str, str] | None = None,
    raise_on_failure: bool = True,
    isolated: bool = False,
    timeout: float = 120.0,
    **expected: Unpack[Expected],
) -> CheckReport:
    """Run a layer every way Keras runs it, and raise what goes wrong.

    Args:
        layer: A function without arguments that makes a new layer each time it is called, or a Recipe. Besides layers
            and models it may make an RNN cell, a loss, a metric, an initializer, a regularizer, a constraint, a
            schedule or an optimizer.
        inputs: The first argument of the call: an array or tensor with the batch first, of shape (batch, ...), a list,
            tuple or dict of such, or a text as in a recipe, `float32[2,8]` or `[float32[2,5,8], int32[2,5] < 10]`, from
            which values are drawn. Not needed for what is no layer.
        call: More arguments of the call by name, such as `{"training": True}` or a mask: arrays and plain values.
        checks: The names of the checks to run; all unless given. docs/testing.md says what each does.
        known_failures: The names of checks that fail, each with the reason. Such a check must fail.
        raise_on_failure: Whether failures are raised; else they are in the report only.
        isolated: Run in a process of its own, with the limits of confirm mode on files, network, memory and time. It
            takes some seconds, for Keras is imported anew; the class and its arguments must be picklable.
        timeout: Seconds for an isolated run.
        **expected: What the layer is to have after a call, under the names of Keras's own tests:
            `expected_output_shape=(2, 4)`, `expected_num_trainable_weights=2` and so on; see `Expected`.

    Returns:
        What became of each check.

    Raises:
        LayerCheckError: A check failed that is not known to, or one passed that is known to fail.
        ValueError: There is no check of a name that was given.
        TypeError: The layer is built on no class of Keras, or was not given as a function or a Recipe.
        Whatever the function or the class raises while it makes the layer.

    """
    names, known = chosen(checks), dict(known_failures or {})
    chosen(list(known))
    if isolated:
        report = in_a_process(layer, inputs, call, expected, names, timeout)
    else:
        report = run(subject_of(layer, inputs, call, expected), names)
    report = replace(report, results=tuple(_with_known(result, known) for result in report.results))
    if raise_on_failure and report.failures:
        raise LayerCheckError(report)
    return report


def _with_known(result: CheckResult, known: Mapping[str, str]) -> CheckResult:
    """A failure that is known is none; a check that passes though it is known to fail is a failure."""
    reason = known.get(result.check)
    if reason is None:
        return result
    if result.outcome == "failed":
        return replace(result, outcome="known failure", reason=reason)
    if result.outcome == "passed":
        seen = f"it passes, and is named in `known_failures` ({reason}): take it out"
        return replace(result, outcome="failed", failures=(CheckFailure(result.check, seen),))
    return result
