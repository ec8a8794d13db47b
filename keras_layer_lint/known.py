"""The options of a baseline: what is read, written and said of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from keras_layer_lint import baseline
from keras_layer_lint.config import Options
from keras_layer_lint.errors import KlintError
from keras_layer_lint.findings import Report
from keras_layer_lint.output import complain, file_lines, save
from keras_layer_lint.report.text import count

_MOST_SHOWN = 5


def left_of(report: Report, options: Options, *, update: bool = False) -> Report:
    """The report without what the baseline knows; say what of that is found no longer, or drop it there."""
    path = options.baseline
    if path is None:
        if update:
            raise KlintError("--update-baseline needs --baseline, or `baseline` in the configuration")
        return report
    found = baseline.read(path)
    report, gone = found.without_known(report, path.parent, cache(file_lines))
    if gone and update:
        save(str(path), found.without(gone).to_json())
        complain(f"{path}: {count(len(gone), 'finding')} dropped")
    elif gone:
        shown = ", ".join(f"{entry.code} in {entry.path}" for entry in gone[:_MOST_SHOWN])
        more = f" and {len(gone) - _MOST_SHOWN} more" if len(gone) > _MOST_SHOWN else ""
        complain(f"{path}: no longer found: {shown}{more}; `--update-baseline` drops them")
    return report


def write_all(report: Report, options: Options) -> None:
    """Write all that was found to the baseline."""
    path = options.baseline or Path(options.root, ".klint-baseline.json")
    made = baseline.of_report(report, path.parent, cache(file_lines))
    save(str(path), made.to_json())
    hint = "" if options.baseline else f'; put `baseline = "{path.name}"` into the configuration'
    complain(f"{path}: {count(made.entries.total(), 'finding')} written{hint}")
