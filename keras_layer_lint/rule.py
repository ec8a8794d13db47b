"""What a rule is called. What it promises stands in its page under `rules/`, what keeps the promise in `checks/`."""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENTATION_URL = "https://github.com/keras-layer-lint/klint/blob/main/rules"


@dataclass(frozen=True, slots=True)
class Rule:
    """Code (`KLL101`) and name (`tensor-if`) of a rule; both are fixed once released."""

    code: str
    name: str
    oracle: str = ""
    """What `--confirm` runs to decide on a finding; empty where there is nothing to run."""
    is_default: bool = True
    """Off by default: selected only by its code, or by a prefix of it that has two digits at least."""

    @property
    def slug(self) -> str:
        """File name of the rule's page, without its suffix."""
        return f"{self.code}-{self.name}"

    @property
    def url(self) -> str:
        """Address of the rule's page."""
        return f"{DOCUMENTATION_URL}/{self.slug}.md"


UNREADABLE_FILE = Rule("KLL001", "unreadable-file")
"""Reported by the pipeline, which has no layer to give to a check."""

UNUSED_SUPPRESSION = Rule("KLL002", "unused-suppression")
"""Reported by the pipeline, which alone knows what the other rules found."""

FAILS_WHEN_RUN = Rule("KLL900", "fails-when-run")
"""Reported by `--confirm=all`, for what no other rule saw."""
