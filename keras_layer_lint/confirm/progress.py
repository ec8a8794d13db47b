"""How far a run has come: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from keras_layer_lint.confirm.pool import Progress


@contextmanager
def shown_on(stream: TextIO, *, quiet: bool = False) -> Iterator[Progress]:
    """Show progress on a stream while the block runs, if people can see it there."""
    if quiet or not stream.isatty():
        yield lambda done, total, text: None
        return
    from rich import progress as rich_progress
    from rich.console import Console

    columns = (
        rich_progress.SpinnerColumn(),
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TimeElapsedColumn(),
    )
    with rich_progress.Progress(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task("running layers", total=None)
        yield lambda done, total, text: bar.update(task, completed=done, total=total, description=text)
