"""klint as a plugin of pytest: `pytest --klint-confirm src/` runs every layer, an item for each way of running it.

pytest imports this module in every run. So it imports pytest only; the rest of klint follows where the flag is given.
"""

from __future__ import annotations

import pytest

NAME = "klint-layers"
"""Under which the part that collects is registered."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("klint", "Keras layers, run by klint")
    group.addoption(
        "--klint-confirm",
        action="store_true",
        help="Collect the Keras layers of the given files, and run each in every way in a sandbox. "
        "This executes their code, as `klint --confirm=all` does.",
    )
    group.addoption(
        "--klint-timeout",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="Time for each layer with --klint-confirm (default: 60).",
    )
    group.addoption(
        "--klint-no-cache",
        action="store_true",
        help="Keep no outcomes of --klint-confirm, and run layers that have not changed, too.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Where the flag is given, collect layers."""
    if config.getoption("klint_confirm"):
        from keras_layer_lint.pytest_plugin.session import LayerSession

        config.pluginmanager.register(LayerSession(config), NAME)
