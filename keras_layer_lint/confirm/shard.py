"""`--shard 2/5`: the part of a confirm run that one of several machines does."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from keras_layer_lint.errors import KlintError
from keras_layer_lint.findings import Report

_WRITTEN = re.compile(r"([0-9]{1,6})/([0-9]{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `count` parts, by its `number` from 1 on. The parts share no class, and together they hold each.

    Which part a class belongs to follows from its name and its file alone: what is added or removed elsewhere moves
    nothing, and each machine finds its part without asking another.
    """

    number: int
    count: int
    root: Path
    """The folder of the project: where it lies does not matter."""

    @classmethod
    def of(cls, text: str, root: Path) -> Shard:
        """The shard that is written as `2/5`. Raises KlintError where there is none."""
        written = _WRITTEN.fullmatch(text)
        if written is None or not 1 <= int(written[1]) <= int(written[2]):
            raise KlintError(f"--shard must look like 2/5, the second of five parts, not `{text}`")
        return cls(int(written[1]), int(written[2]), root)

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def holds(self, path: str, class_name: str | None = None) -> bool:
        """Whether a class, or what is said of a file and no class, belongs to this part."""
        relative = Path(os.path.relpath(path, self.root)).as_posix()
        # Classes of one name in one file stay together: a diagnostic has only the last part of the name.
        name = (class_name or "").rpartition(".")[2]
        digest = hashlib.sha256(f"{relative}\0{name}".encode(errors="surrogatepass")).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.number - 1

    def of_report(self, report: Report) -> Report:
        """What the report says of this part."""
        return replace(
            report,
            diagnostics=tuple(one for one in report.diagnostics if self.holds(one.path, one.class_name)),
            errors=tuple(error for error in report.errors if self.holds(error.path)),
            limits=tuple(limit for limit in report.limits if self.holds(limit.path, limit.class_name)),
            shard=str(self),
        )
