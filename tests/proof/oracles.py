"""What is run to see whether the claim of a marked line comes true: an oracle for each code."""

from __future__ import annotations

from collections.abc import Callable

from tests.proof.claim import Claim
from tests.proof.example import Example
from tests.proof.lifecycle import lifecycle, missing_super_build, weights_before_input
from tests.proof.reloading import reload
from tests.proof.tracing import graph, purity

Oracle = Callable[[Example, Claim], str]
"""Returns what was seen, or raises `Unproved`."""

ORACLES: dict[str, Oracle] = {
    "KLL101": graph,
    "KLL102": graph,
    "KLL103": graph,
    "KLL104": graph,
    "KLL111": graph,
    "KLL112": graph,
    "KLL113": graph,
    "KLL121": graph,
    "KLL122": purity,
    "KLL201": weights_before_input,
    "KLL202": missing_super_build,
    "KLL203": lifecycle,
    "KLL204": lifecycle,
    "KLL301": reload,
    "KLL302": reload,
    "KLL303": reload,
    "KLL304": reload,
    "KLL305": reload,
    "KLL306": reload,
}
