"""The command with `--confirm`: how layers are run as the options say, and what is said of the run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from keras_layer_lint.config import Options
from keras_layer_lint.confirm.confirming import confirm
from keras_layer_lint.confirm.pool import Progress
from keras_layer_lint.confirm.progress import shown_on
from keras_layer_lint.confirm.request import Request, recipes_of
from keras_layer_lint.confirm.shard import Shard
from keras_layer_lint.confirm.verifying import Candidate, Verification, verify
from keras_layer_lint.findings import Report
from keras_layer_lint.output import complain
from keras_layer_lint.report.text import count
from keras_layer_lint.settings import Settings

TIMEOUT = 60.0
"""Seconds of processor time for a layer, unless told otherwise."""


def confirmed(report: Report, settings: Settings, options: Options, given: dict[str, Any]) -> tuple[Report, bool]:
    """Run the layers; return the report with verdicts, and whether that was interrupted."""
    request = request_of(settings, options, given)
    with progress_of(given) as progress:
        done = confirm(report, settings, request, progress)
    if done.lacking and not given["quiet"]:
        complain(f"this system does not let klint stop layers from {', '.join(done.lacking)}")
    if done.cache_trouble and not given["quiet"]:
        complain(f"verdicts are not all kept: {done.cache_trouble}")
    if given["verbose"]:
        complain(f"{count(done.kept, 'layer')} of {len(done.report.runs)} taken from earlier runs")
    if done.interrupted:
        complain("interrupted: what was known by then follows")
    return done.report, done.interrupted


def verified(
    candidates: Sequence[Candidate], settings: Settings, options: Options, given: dict[str, Any]
) -> list[dict[str, Verification]]:
    """Run what fixes touch before and after them; what was seen of each candidate, by the names of classes."""
    request = request_of(settings, options, given)
    with progress_of(given) as progress:
        return verify(candidates, settings, request, progress)


def progress_of(given: dict[str, Any]) -> AbstractContextManager[Progress]:
    """Shows how far a run has come, where people can see it."""
    return shown_on(sys.stderr, quiet=given["quiet"])


def request_of(settings: Settings, options: Options, given: dict[str, Any]) -> Request:
    """How layers are run as the options say."""
    return Request(
        everything=given["confirm"] == "all",
        device=given["device"] or "auto",
        timeout=given["timeout"] or TIMEOUT,
        jobs=options["jobs"],
        recipes=recipes_of(options["recipes"]),
        scheduler=given.get("scheduler") or "",
        shard=Shard.of(given["shard"], Path(settings.root)) if given.get("shard") else None,
        cache=None if given.get("no_cache") else options.cache_folder.absolute(),
    )
