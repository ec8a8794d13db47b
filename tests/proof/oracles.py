"""What is run to see whether the claim of a marked line comes true: an oracle for each code."""

from __future__ import annotations

from collections.abc import Callable

from tests.proof.claim import Claim
from tests.proof.compiling import xla
from tests.proof.example import Example
from tests.proof.lifecycle import lifecycle, missing_super_build, weights_before_input
from tests.proof.modes import inference_in_fit, mask_ends, mixed_precision, seeds, trains_by_default
from tests.proof.reloading import reload, unregistered
from tests.proof.tracing import graph, purity
from tests.proof.tracking import old_format, rebound, reload_loses_weights, untracked

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
    "KLL114": purity,
    "KLL115": seeds,
    "KLL121": graph,
    "KLL122": purity,
    "KLL123": purity,
    "KLL124": graph,
    "KLL131": graph,
    "KLL132": graph,
    "KLL141": graph,
    "KLL142": inference_in_fit,
    "KLL143": mask_ends,
    "KLL144": graph,
    "KLL145": graph,
    "KLL146": trains_by_default,
    "KLL147": graph,
    "KLL151": xla,
    "KLL152": xla,
    "KLL153": xla,
    "KLL161": mixed_precision,
    "KLL201": weights_before_input,
    "KLL202": missing_super_build,
    "KLL203": lifecycle,
    "KLL204": lifecycle,
    "KLL205": untracked,
    "KLL206": untracked,
    "KLL207": reload_loses_weights,
    "KLL208": lifecycle,
    "KLL209": old_format,
    "KLL210": lifecycle,
    "KLL211": lifecycle,
    "KLL212": lifecycle,
    "KLL213": graph,
    "KLL214": rebound,
    "KLL215": lifecycle,
    "KLL301": reload,
    "KLL302": reload,
    "KLL303": reload,
    "KLL304": reload,
    "KLL305": reload,
    "KLL306": reload,
    "KLL307": reload,
    "KLL308": reload,
    "KLL309": unregistered,
    "KLL310": reload,
}
