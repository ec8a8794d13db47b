"""`parametrize_with_checks`: a test for each layer and check, under pytest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from keras_layer_lint.testing.check_layer import check_layer
from keras_layer_lint.testing.checks import EXPECTED, chosen
from keras_layer_lint.testing.recipe import Recipe

if TYPE_CHECKING:
    import pytest

Given = Recipe | tuple[Callable[[], Any], Any]
"""A Recipe, or a function that makes the layer and what it is called on."""


def parametrize_with_checks(
    layers: Mapping[str, Given],
    *,
    checks: Sequence[str] | None = None,
    known_failures: Mapping[str, Mapping[str, str]] | None = None,
    isolated: bool = False,
) -> pytest.MarkDecorator:
    """Decorate a test that takes `check` and calls it: it runs once for each layer and each check.

    Args:
        layers: By the name that the tests show: a Recipe, or a function that makes the layer and its inputs, as
            `check_layer` takes them.
        checks: The names of the checks; all unless given.
        known_failures: For a name of `layers`, the checks that fail, each with the reason.
        isolated: Run each in a process of its own.

    Returns:
        The decorator. No layer is made before a test runs. What a check is not for is skipped.

    Raises:
        ValueError: There is no check of a name that was given, or no layer of a name in `known_failures`.

    """
    import pytest

    known = known_failures or {}
    if unknown := known.keys() - layers.keys():
        raise ValueError(f"known_failures names no layer of these: {', '.join(sorted(unknown))}")
    for each in known.values():
        chosen(list(each))

    def tests() -> Iterator[Any]:
        for name, given in layers.items():
            for check in chosen(checks):
                if check != EXPECTED:
                    run = _Run(given, check, known.get(name, {}), isolated)
                    yield pytest.param(run, id=f"{name}-{check}")

    return pytest.mark.parametrize("check", list(tests()))


class _Run:
    """One check of one layer."""

    def __init__(self, given: Given, check: str, known: Mapping[str, str], isolated: bool) -> None:
        self._given, self._check, self._isolated = given, check, isolated
        self._known = {name: reason for name, reason in known.items() if name == check}

    def __call__(self) -> None:
        """Run it; raise LayerCheckError where it fails."""
        import pytest

        layer, inputs = (self._given, None) if isinstance(self._given, Recipe) else self._given
        report = check_layer(layer, inputs, checks=[self._check], known_failures=self._known, isolated=self._isolated)
        for result in report.results:
            if result.check == self._check and result.outcome == "skipped":
                pytest.skip(result.reason)
            if result.outcome == "known failure":
                pytest.xfail(result.reason)
